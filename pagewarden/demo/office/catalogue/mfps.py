"""Multifunction devices: one row per model."""

from __future__ import annotations

from pagewarden.demo.office.catalogue.pieces import ESCL, IPP, SNMP, V3, black, toners, trays, unit, waste
from pagewarden.demo.office.models import DRUM, FUSER, INK, INK_CARTRIDGE, TRANSFER, Kind, Model, Shows, Speaks

KYOCERA_M5526 = Model(
    maker="Kyocera",
    name="ECOSYS M5526cdw",
    kind=Kind.MFP,
    sys_descr="KYOCERA Document Solutions Printing System",
    sys_object_id="1.3.6.1.4.1.1347.41",
    oui="0017c8",
    serial="VRD{:07d}",
    firmware="2R7_2000.003.008",
    speaks=SNMP | IPP | ESCL,
    supplies=(
        *toners(
            ("TK-5240K", "TK-5240C", "TK-5240M", "TK-5240Y"),
            ("TK-5240K", "TK-5240C", "TK-5240M", "TK-5240Y"),
            4000,
            3000,
            shows=Shows.PAGES,
        ),
        waste("Waste Toner Box", "WT-5190", 44000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(250, names="Cassette {}", bypass="MP Tray"),
    color=True,
    busy=60,
    sleep_text="Sleeping...",
)

RICOH_C3000 = Model(
    maker="Ricoh",
    name="IM C3000",
    kind=Kind.MFP,
    sys_descr="RICOH IM C3000 1.14 / RICOH Network Printer C model / RICOH Network Scanner C model",
    sys_object_id="1.3.6.1.4.1.367.1.1",
    oui="002673",
    serial="3109R{:06d}",
    firmware="1.14",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            ("Black Toner", "Cyan Toner", "Magenta Toner", "Yellow Toner"),
            ("842255", "842258", "842257", "842256"),
            31000,
            19000,
            shows=Shows.SOME_LEFT,
        ),
        waste("Waste Toner Bottle", "D0BQ6400", 100000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(550, 550, bypass="Bypass Tray"),
    color=True,
    busy=160,
    sleep_text="Energy Saver Mode",
)

BROTHER_L2710 = Model(
    maker="Brother",
    name="MFC-L2710DW series",
    kind=Kind.MFP,
    sys_descr="Brother NC-8800w, Firmware Ver.R  ,MID 8CE-J05,FID 2",
    sys_object_id="1.3.6.1.4.1.2435.2.3.9.1",
    oui="30055c",
    serial="E78{:06d}N9J",
    firmware="R2201240834",
    speaks=SNMP | IPP | ESCL,
    supplies=(
        black("Black Toner Cartridge", "TN-2410", 1200, shows=Shows.LOW_ONLY),
        unit(DRUM, "Drum Unit", "DR-2400", 12000),
    ),
    trays=trays(250, bypass="Manual Feed Slot"),
    busy=25,
    sleep_text="Sleep",
)

XEROX_C405 = Model(
    maker="Xerox",
    name="VersaLink C405 Color MFP",
    kind=Kind.MFP,
    sys_descr="Xerox VersaLink C405 Color MFP; System 68.53.21, Controller 1.53.21, IOT 8.6.0",
    sys_object_id="1.3.6.1.4.1.253.8.62.1.37.2.1.3",
    oui="9c934e",
    serial="4HX{:06d}",
    firmware="68.53.21",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            (
                "Black Toner Cartridge, PN 106R03500;SN{cartridge}",
                "Cyan Toner Cartridge, PN 106R03502;SN{cartridge}",
                "Magenta Toner Cartridge, PN 106R03503;SN{cartridge}",
                "Yellow Toner Cartridge, PN 106R03501;SN{cartridge}",
            ),
            ("106R03500", "106R03502", "106R03503", "106R03501"),
            2500,
            2500,
        ),
        waste("Waste Cartridge, PN 108R01416", "108R01416", 30000),
    ),
    trays=trays(550, bypass="Bypass Tray"),
    color=True,
    busy=90,
)

CANON_C3525 = Model(
    maker="Canon",
    name="iR-ADV C3525",
    kind=Kind.MFP,
    sys_descr="Canon iR-ADV C3525 /P",
    sys_object_id="1.3.6.1.4.1.1602.4.7",
    oui="001e8f",
    serial="XTL{:05d}",
    firmware="64.34",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            (
                "Canon C-EXV 49 Black Toner",
                "Canon C-EXV 49 Cyan Toner",
                "Canon C-EXV 49 Magenta Toner",
                "Canon C-EXV 49 Yellow Toner",
            ),
            ("8524B002", "8525B002", "8526B002", "8527B002"),
            36000,
            19000,
            shows=Shows.STEPS,
            step=10,
        ),
        unit(DRUM, "C-EXV 49 Drum Unit", "8528B003", 75000),
        waste("Waste Toner Box", "FM1-A606", 54000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(550, 550, names="Drawer {}", bypass="Multi-Purpose Tray"),
    color=True,
    busy=140,
)

EPSON_WF = Model(
    maker="Epson",
    name="WF-C5790 Series",
    kind=Kind.MFP,
    sys_descr="EPSON Built-in 10Base-T/100Base-TX/1000Base-T Print Server",
    sys_object_id="1.3.6.1.4.1.1248.1.1.2.1.3.5.69.69.80.83.50",
    oui="64eb8c",
    serial="X3BC{:06d}",
    firmware="02.51.HU21K6",
    speaks=SNMP | IPP | ESCL,
    supplies=(
        *toners(
            (
                "Black Ink Cartridge",
                "Cyan Ink Cartridge",
                "Magenta Ink Cartridge",
                "Yellow Ink Cartridge",
            ),
            ("T9451", "T9442", "T9443", "T9444"),
            5000,
            3000,
            type_=INK_CARTRIDGE,
        ),
        waste("Maintenance Box", "T6716", 50000, ink=True),
    ),
    trays=trays(250, names="Paper Cassette {}", bypass="Rear Paper Feed Slot"),
    color=True,
    busy=45,
)

KONICA_C250 = Model(
    maker="Konica Minolta",
    name="bizhub C250i",
    kind=Kind.MFP,
    sys_descr="KONICA MINOLTA bizhub C250i",
    sys_object_id="1.3.6.1.4.1.18334.1.1.1.2.1.181.2.4",
    oui="00206b",
    serial="AA2M0210{:05d}",
    firmware="AA2M0Y0-0100-G00-K4",
    speaks=V3 | IPP,
    supplies=(
        *toners(
            ("Toner (Black)", "Toner (Cyan)", "Toner (Magenta)", "Toner (Yellow)"),
            ("TN328K", "TN328C", "TN328M", "TN328Y"),
            28000,
            28000,
        ),
        unit(DRUM, "Drum Cartridge (Black)", "DR316K", 160000, color="black"),
        waste("Waste Toner Box", "WX-107", 28000, shows=Shows.SOME_LEFT),
        unit(FUSER, "Fusing Unit", "AA2JR71122", 600000),
        unit(TRANSFER, "Image Transfer Belt Unit", "AA2JR70111", 300000),
    ),
    trays=trays(500, 500, bypass="Bypass Tray"),
    color=True,
    busy=150,
)

LEXMARK_CX522 = Model(
    maker="Lexmark",
    name="CX522ade",
    kind=Kind.MFP,
    sys_descr="Lexmark CX522ade 7529{serial} CXTZJ.221.204",
    sys_object_id="1.3.6.1.4.1.641.6.3.2.5",
    oui="0021b7",
    serial="7529{:07d}",
    firmware="CXTZJ.221.204",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            (
                "Black Return Program Toner Cartridge",
                "Cyan Return Program Toner Cartridge",
                "Magenta Return Program Toner Cartridge",
                "Yellow Return Program Toner Cartridge",
            ),
            ("78C20K0", "78C20C0", "78C20M0", "78C20Y0"),
            2000,
            1400,
            shows=Shows.PAGES,
        ),
        waste("Waste Toner Bottle", "78C0W00", 25000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(250, bypass="Manual Paper"),
    color=True,
    busy=55,
)

HP_OFFICEJET = Model(
    maker="HP",
    name="OfficeJet Pro 9020 series",
    kind=Kind.MFP,
    sys_descr="HP ETHERNET MULTI-ENVIRONMENT",
    sys_object_id="1.3.6.1.4.1.11.2.3.9.1",
    oui="3cd92b",
    serial="TH9A{:06d}",
    firmware="SCLPFN2241A",
    speaks=IPP | ESCL | {Speaks.MDNS},
    supplies=toners(
        ("black ink", "cyan ink", "magenta ink", "yellow ink"),
        ("3JA26A", "3JA23A", "3JA24A", "3JA25A"),
        1000,
        700,
        type_=INK_CARTRIDGE,
        shows=Shows.STEPS,
        step=10,
    ),
    trays=trays(250, 250),
    color=True,
    busy=20,
    supply_form="marker",
)

KONICA_C3320 = Model(
    maker="Konica Minolta",
    name="bizhub C3320i",
    kind=Kind.MFP,
    sys_descr="KONICA MINOLTA bizhub C3320i",
    sys_object_id="1.3.6.1.4.1.18334.1.1.1.2.1.173.2.1",
    oui="00206b",
    serial="ACVD0110{:05d}",
    firmware="ACVD0Y0-0100-G00-45",
    speaks=SNMP | IPP | ESCL,
    supplies=(
        *toners(
            ("Toner (Black)", "Toner (Cyan)", "Toner (Magenta)", "Toner (Yellow)"),
            ("TNP80K", "TNP80C", "TNP80M", "TNP80Y"),
            13000,
            9000,
        ),
        waste("Waste Toner Box", "WB-P08", 36000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(500, bypass="Bypass Tray"),
    color=True,
    busy=70,
)

EPSON_ET = Model(
    maker="Epson",
    name="ET-5850 Series",
    kind=Kind.MFP,
    sys_descr="EPSON Built-in 10Base-T/100Base-TX/1000Base-T Print Server",
    sys_object_id="1.3.6.1.4.1.1248.1.1.2.1.3.5.69.69.80.83.50",
    oui="64eb8c",
    serial="X8EG{:06d}",
    firmware="05.21.XF12M4",
    speaks=SNMP | IPP | ESCL,
    supplies=(
        *toners(
            ("Black Ink Tank", "Cyan Ink Tank", "Magenta Ink Tank", "Yellow Ink Tank"),
            ("113 Black", "113 Cyan", "113 Magenta", "113 Yellow"),
            7500,
            6000,
            type_=INK,
            shows=Shows.TENTHS_ML,
        ),
        waste("Maintenance Box", "T04D1", 50000, ink=True),
    ),
    trays=trays(250, 250, names="Paper Cassette {}"),
    color=True,
    busy=30,
)

KYOCERA_TASKALFA = Model(
    maker="Kyocera",
    name="TASKalfa 3554ci",
    kind=Kind.MFP,
    sys_descr="KYOCERA Document Solutions Printing System",
    sys_object_id="1.3.6.1.4.1.1347.41",
    oui="0017c8",
    serial="W3K{:07d}",
    firmware="2XD_S000.005.112",
    speaks=SNMP | IPP,
    supplies=(
        *toners(
            ("TK-8375K", "TK-8375C", "TK-8375M", "TK-8375Y"),
            ("TK-8375K", "TK-8375C", "TK-8375M", "TK-8375Y"),
            30000,
            20000,
        ),
        waste("Waste Toner Box", "WT-8500", 40000, shows=Shows.SOME_LEFT),
    ),
    trays=trays(500, 500, names="Cassette {}", bypass="MP Tray"),
    color=True,
    busy=170,
    sleep_text="Sleeping...",
)
