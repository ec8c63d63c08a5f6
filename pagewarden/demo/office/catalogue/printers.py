"""Printers: one row per model."""

from __future__ import annotations

from pagewarden.demo.office.catalogue.pieces import IPP, SNMP, V3, black, toners, trays, unit, waste
from pagewarden.demo.office.models import DRUM, FUSER, TRANSFER, Kind, Model, Shows, Speaks, TrayModel

HP_M454 = Model(
    maker="HP",
    name="Color LaserJet Pro M454dw",
    kind=Kind.PRINTER,
    sys_descr="HP ETHERNET MULTI-ENVIRONMENT,SN:{serial},FN:7B41C05,SVCID:32114,PID:HP Color LaserJet Pro M454dw",
    sys_object_id="1.3.6.1.4.1.11.2.3.9.1",
    oui="3cd92b",
    serial="VNC3{:06d}",
    firmware="20230512",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            (
                "Black Cartridge HP W2020A",
                "Cyan Cartridge HP W2021A",
                "Magenta Cartridge HP W2023A",
                "Yellow Cartridge HP W2022A",
            ),
            ("W2020A", "W2021A", "W2023A", "W2022A"),
            2400,
            2100,
        ),
    ),
    trays=trays(250, 50, bypass=None),
    color=True,
    busy=70,
)

HP_M507 = Model(
    maker="HP",
    name="LaserJet Enterprise M507dn",
    kind=Kind.PRINTER,
    sys_descr="HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24070012,CIDATE 03/10/2023",
    sys_object_id="1.3.6.1.4.1.11.2.3.9.1",
    oui="3cd92b",
    serial="PHB4{:06d}",
    firmware="2407191_000768",
    speaks=V3 | IPP,
    supplies=(
        black("Black Cartridge HP CF289A", "CF289A", 5000),
        unit(FUSER, "Maintenance Kit HP RM2-2586", "RM2-2586", 150000),
    ),
    trays=(TrayModel(name="Tray 1", sheets=100, by_hand=True), TrayModel(name="Tray 2", sheets=550)),
    busy=130,
)

KYOCERA_P3145 = Model(
    maker="Kyocera",
    name="ECOSYS P3145dn",
    kind=Kind.PRINTER,
    sys_descr="KYOCERA Document Solutions Printing System",
    sys_object_id="1.3.6.1.4.1.1347.41",
    oui="0017c8",
    serial="R4B{:07d}",
    firmware="2TR_2000.002.009",
    speaks=SNMP | IPP,
    supplies=(black("TK-3160", "TK-3160", 12500, shows=Shows.PAGES),),
    trays=trays(500, names="Cassette {}", bypass="MP Tray"),
    busy=80,
    sleep_text="Sleeping...",
)

RICOH_P501 = Model(
    maker="Ricoh",
    name="P 501",
    kind=Kind.PRINTER,
    sys_descr="RICOH P 501 1.05 / RICOH Network Printer C model",
    sys_object_id="1.3.6.1.4.1.367.1.1",
    oui="002673",
    serial="5280P{:06d}",
    firmware="1.05",
    speaks=SNMP,
    supplies=(
        black("Black Toner", "418447", 14000, shows=Shows.STEPS, step=20),
        unit(FUSER, "Maintenance Kit", "418448", 120000),
    ),
    trays=trays(500, 550),
    busy=60,
    sleep_text="Energy Saver Mode",
)

BROTHER_L8360 = Model(
    maker="Brother",
    name="HL-L8360CDW series",
    kind=Kind.PRINTER,
    sys_descr="Brother NC-8700h, Firmware Ver.1.32  (19.12.05),MID 84E-822,FID 2",
    sys_object_id="1.3.6.1.4.1.2435.2.3.9.1",
    oui="30055c",
    serial="E75{:06d}M9G",
    firmware="1.32",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            ("Black Toner Cartridge", "Cyan Toner Cartridge", "Magenta Toner Cartridge", "Yellow Toner Cartridge"),
            ("TN-423BK", "TN-423C", "TN-423M", "TN-423Y"),
            6500,
            4000,
            shows=Shows.LOW_ONLY,
        ),
        unit(DRUM, "Drum Unit", "DR-421CL", 50000),
        unit(TRANSFER, "Belt Unit", "BU-330CL", 130000),
        waste("Waste Toner Box", "WT-320CL", 50000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(250, bypass="MP Tray"),
    color=True,
    busy=60,
    sleep_text="Sleep",
)

CANON_LBP226 = Model(
    maker="Canon",
    name="LBP226dw",
    kind=Kind.PRINTER,
    sys_descr="Canon LBP226dw /P",
    sys_object_id="1.3.6.1.4.1.1602.4.2",
    oui="001e8f",
    serial="NKCA{:06d}",
    firmware="07.01",
    speaks=SNMP | IPP,
    supplies=(black("Canon Cartridge 057 Black Toner", "057", 3100),),
    trays=trays(250, names="Drawer {}", bypass="Multi-Purpose Tray"),
    busy=35,
)

LEXMARK_MS521 = Model(
    maker="Lexmark",
    name="MS521dn",
    kind=Kind.PRINTER,
    sys_descr="Lexmark MS521dn 4600{serial} MSNGM.221.204",
    sys_object_id="1.3.6.1.4.1.641.6.2.3.83",
    oui="0021b7",
    serial="4600{:07d}",
    firmware="MSNGM.221.204",
    speaks=SNMP | IPP,
    supplies=(
        black("Black Return Program Toner Cartridge", "56F2000", 6000, shows=Shows.PAGES),
        unit(DRUM, "Imaging Unit", "56F0Z00", 60000),
    ),
    trays=trays(250, bypass="Multipurpose Feeder"),
    busy=75,
)

HP_4250 = Model(
    maker="HP",
    name="LaserJet 4250",
    kind=Kind.PRINTER,
    sys_descr="HP ETHERNET MULTI-ENVIRONMENT,ROM R.25.57,JETDIRECT,JD117,EEPROM R.29.20,CIDATE 07/23/2004",
    sys_object_id="1.3.6.1.4.1.11.2.3.9.1",
    oui="001185",
    serial="CNGX{:06d}",
    firmware="20080819",
    speaks=frozenset({Speaks.SNMP_V1}),
    supplies=(
        black("Black Cartridge HP Q5942A", "Q5942A", 10000),
        unit(FUSER, "Maintenance Kit HP 110V-Q5421A, 220V-Q5422A", "Q5422A", 225000),
    ),
    trays=(TrayModel(name="TRAY 1", sheets=100, by_hand=True), TrayModel(name="TRAY 2", sheets=500)),
    busy=40,
    sleep_text="Sleep mode on",
)
