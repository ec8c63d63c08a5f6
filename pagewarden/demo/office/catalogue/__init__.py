"""The models of the office, in the order in which devices are placed."""

from __future__ import annotations

from pagewarden.demo.office.catalogue import mfps, others, printers
from pagewarden.demo.office.models import Model

CATALOGUE: tuple[Model, ...] = (
    printers.HP_M454,
    mfps.KYOCERA_M5526,
    mfps.RICOH_C3000,
    mfps.BROTHER_L2710,
    mfps.XEROX_C405,
    others.EPSON_992F,
    printers.HP_M507,
    mfps.CANON_C3525,
    mfps.EPSON_WF,
    mfps.KONICA_C250,
    mfps.LEXMARK_CX522,
    others.ZEBRA_ZT411,
    others.EPSON_SCANNER,
    others.NEC_M403,
    mfps.HP_OFFICEJET,
    printers.KYOCERA_P3145,
    printers.RICOH_P501,
    printers.BROTHER_L8360,
    printers.CANON_LBP226,
    mfps.KONICA_C3320,
    mfps.EPSON_ET,
    printers.LEXMARK_MS521,
    printers.HP_4250,
    mfps.KYOCERA_TASKALFA,
)
