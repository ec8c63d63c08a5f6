"""Label printer, scanner and projectors: one row per model."""

from __future__ import annotations

from pagewarden.demo.office.catalogue.pieces import ESCL, SNMP
from pagewarden.demo.office.models import RIBBON, Kind, Model, Shows, Speaks, SupplyModel, TrayModel, Wears

EPSON_992F = Model(
    maker="Epson",
    name="EB-992F",
    kind=Kind.PROJECTOR,
    sys_descr="EPSON Network Projector",
    sys_object_id="1.3.6.1.4.1.1248.4.1",
    oui="64eb8c",
    serial="X4YT{:07d}",
    firmware="107.107.W103",
    speaks=SNMP | {Speaks.PJLINK},
    supplies=(
        SupplyModel(type=0, name="Lamp", part="ELPLP97", lasts=6500, wears=Wears.HOURS),
        SupplyModel(type=1, name="Air filter", part="ELPAF32", lasts=4000, wears=Wears.HOURS),
    ),
    pjlink_class=2,
)

ZEBRA_ZT411 = Model(
    maker="Zebra",
    name="ZT411",
    kind=Kind.LABEL,
    sys_descr="Zebra Technologies ZTC ZT411-300dpi ZPL",
    sys_object_id="1.3.6.1.4.1.10642.1.1",
    oui="00074d",
    serial="99J2041{:05d}",
    firmware="V92.21.23Z",
    speaks=SNMP,
    supplies=(
        SupplyModel(
            type=RIBBON,
            name="Ribbon",
            part="05319BK11045",
            lasts=4500,
            color="black",
            shows=Shows.SOME_LEFT,
            wears=Wears.MONO,
        ),
    ),
    trays=(TrayModel(name="Roll", sheets=1600, media="custom_label_102x76mm"),),
    duplex=False,
    busy=120,
    sleep_text="PRINTER READY",
    ready_text="PRINTER READY",
)

EPSON_SCANNER = Model(
    maker="Epson",
    name="DS-790WN",
    kind=Kind.SCANNER,
    sys_descr="EPSON Document Scanner DS-790WN",
    sys_object_id="1.3.6.1.4.1.1248.1.1.3",
    oui="64eb8c",
    serial="X6HA{:06d}",
    firmware="1.0.14",
    speaks=SNMP | ESCL,
    busy=60,
)

NEC_M403 = Model(
    maker="NEC",
    name="M403H",
    kind=Kind.PROJECTOR,
    sys_descr="NEC Projector",
    sys_object_id="1.3.6.1.4.1.119.2.3.104",
    oui="003013",
    serial="5201{:06d}FA",
    firmware="3.04",
    speaks=SNMP | {Speaks.PJLINK},
    supplies=(
        SupplyModel(type=0, name="Lamp", part="NP30LP", lasts=3500, wears=Wears.HOURS),
        SupplyModel(type=1, name="Air filter", part="NP02FT", lasts=5000, wears=Wears.HOURS),
    ),
    pjlink_class=1,
)
