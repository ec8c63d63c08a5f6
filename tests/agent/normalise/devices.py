# ruff: noqa: E501
"""SNMP answers of typical devices, written by hand in the form each maker's devices give. Rows of tables are short:

supplies: index, class, type, description, unit, capacity, level, colorant (a name, or an index that points nowhere)
-> type, colour, level in percent or one of "some", "unknown", "empty", part number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Supply = tuple[str, int, int, str, int, int, int, "str | int | None"]
Told = tuple[str, "str | None", "float | str", "str | None"]


@dataclass(frozen=True, kw_only=True)
class Device:
    """`said` and `truth` of one device."""

    descr: str = ""
    hr: str | None = None
    """hrDeviceDescr of the printer"""
    oid: str | None = None
    maker: str | None
    model: str | None
    kind: str
    firmware: str | None = None
    serial: str | None = None
    supplies: dict[Supply, Told] = field(default_factory=dict)


DEVICES: dict[str, Device] = {
    "hp-e62655": Device(
        descr="HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24120005,CIDATE 05/14/2019", oid="11.2.3.9.1", hr="HP LaserJet Flow E62665", maker="HP", model="LaserJet Flow E62665", kind="printer",
        supplies={("1.1", 3, 3, "Black Cartridge HP W9008MC", 19, 100, 64, "Black"): ("toner", "black", 64, "W9008MC"), ("1.2", 3, 15, "Maintenance Kit HP 220V-L0H25A, 110V-L0H24A", 19, 100, 90, None): ("fuser", None, 90, None), ("1.3", 3, 1, "Document Feeder Kit HP L2725A", 19, 100, -3, None): ("feeder-kit", None, "some", "L2725A")},
    ),
    "hp-designjet": Device(
        descr="HP Designjet T1300 PS 44in", oid="11.2.3.9.1", hr="HP Designjet T1300 PS 44in", maker="HP", model="Designjet T1300 PS 44in", kind="printer",
        supplies={("1.1", 3, 6, "HP 72 Matte Black", 15, 1300, 650, "matte black"): ("ink", "matte-black", 50, None), ("1.2", 3, 6, "HP 72 Gray", 15, -2, -2, "GRAY"): ("ink", "gray", "unknown", None), ("1.3", 3, 6, "HP 72 Photo Black", 15, 690, 0, "photo black"): ("ink", "photo-black", "empty", None)},
    ),
    "hp-no-hrprinter": Device(descr="HP ETHERNET MULTI-ENVIRONMENT,SN:CNB9K2M3L4,FN:ABC,SVCID:1,PID:HP LaserJet Pro M404dn", oid="11.2.3.9.1", maker="HP", model="LaserJet Pro M404dn", kind="printer", serial="CNB9K2M3L4"),
    "lexmark-mx": Device(
        descr="Lexmark MX622adhe 701812345678A MXTGM.052.024 kernel 4.11.12 All-N-1", oid="641.6.2.1", hr="Lexmark MX622adhe 701812345678A MXTGM.052.024", maker="Lexmark", model="MX622adhe", kind="mfp", firmware="MXTGM.052.024",
        supplies={("1.1", 3, 21, "Black Cartridge", 7, 25000, 17500, "black"): ("toner", "black", 70, None), ("1.2", 3, 9, "Photoconductor Unit", 7, 60000, 30000, 0): ("drum", None, 50, None), ("1.3", 4, 4, "Waste Toner Bottle", 1, -2, -3, None): ("waste", None, "some", None), ("1.4", 3, 1, "Kit d'entretien", 7, 200000, 100000, None): ("maintenance-kit", None, 50, None)},
    ),
    "xerox-versalink": Device(
        descr="Xerox VersaLink C405DN; System 68.61.01, Controller 201910281115, IOT 12.1.0", oid="253.8.62.1", hr="Xerox VersaLink C405DN", maker="Xerox", model="VersaLink C405DN", kind="mfp", firmware="68.61.01",
        supplies={("1.1", 3, 3, "Cyan Toner Cartridge;SN12345678901", 13, 1000, 250, "cyan"): ("toner", "cyan", 25, None), ("1.2", 4, 4, "Waste Cartridge", 13, 100, 90, None): ("waste", None, 90, None), ("1.3", 3, 9, "Black Drum Cartridge, PN 108R01488", 7, 60000, 60000, "Black"): ("drum", "black", 100, "108R01488")},
    ),
    "canon-iradv": Device(
        descr="Canon iR-ADV C3530 /P", oid="1602.4.7", hr="Canon iR-ADV C3530", maker="Canon", model="iR-ADV C3530", kind="mfp",
        supplies={("1.1", 3, 3, "Canon GPR-55 Black Toner", 19, 100, 80, "Black"): ("toner", "black", 80, "GPR-55"), ("1.2", 3, 3, "Toner (Yellow)", 19, 100, -3, 9): ("toner", "yellow", "some", None), ("1.3", 4, 4, "WASTE TONER", 19, -2, -2, None): ("waste", None, "unknown", None)},
    ),
    "epson-wf": Device(
        descr="EPSON Built-in 10Base-T/100Base-TX/1000Base-T Print Server", oid="1248.1.1.2", hr="EPSON WF-C5290 Series", maker="Epson", model="WF-C5290", kind="printer",
        supplies={("1.1", 3, 6, "Black Ink Cartridge T9451/T9461", 19, 100, 45, "black"): ("ink", "black", 45, None), ("1.2", 4, 8, "Maintenance Box T6716", 19, 100, 80, None): ("waste", None, 80, "T6716"), ("1.3", 3, 6, "Cartouche d'encre jaune", 19, 100, 0, 0): ("ink", "yellow", "empty", None)},
    ),
    "brother-ql": Device(descr="Brother NC-20002w, Firmware Ver.1.30,MID 8C5", oid="2435.2.3.9.1", hr="Brother QL-820NWB", maker="Brother", model="QL-820NWB", kind="label-printer"),
    "brother-hl": Device(
        descr="Brother NC-8900h, Firmware Ver.S  ,MID 8C5-H13", oid="2435.2.3.9.1", hr="Brother HL-L6400DW series", maker="Brother", model="HL-L6400DW", kind="printer",
        supplies={("1.1", 3, 3, "Black Toner Cartridge", 7, -2, -3, "black"): ("toner", "black", "some", None), ("1.2", 3, 9, "Drum Unit", 7, 50000, 42000, None): ("drum", None, 84, None)},
    ),
    "kyocera-taskalfa": Device(
        descr="KYOCERA Document Solutions Printing System", oid="1347.41", hr="TASKalfa 3253ci", maker="Kyocera", model="TASKalfa 3253ci", kind="mfp",
        supplies={("1.1", 3, 21, "TK-8335C", 7, 15000, 3000, "cyan"): ("toner", "cyan", 20, "TK-8335C"), ("1.5", 4, 4, "Waste Toner Box", 19, -2, -3, 0): ("waste", None, "some", None)},
    ),
    "utax": Device(
        descr="KYOCERA Document Solutions Printing System", oid="1347.41", hr="UTAX 3262i", maker="Utax", model="3262i", kind="mfp",
        supplies={("1.1", 3, 21, "CK-7512", 7, 35000, -2, "black"): ("toner", "black", "unknown", "CK-7512")},
    ),
    "ricoh-im": Device(
        descr="RICOH IM C3000 1.14 / RICOH Network Printer C model / RICOH Network Scanner C model / RICOH Network Facsimile C model", oid="367.1.1", hr="RICOH IM C3000", maker="Ricoh", model="IM C3000", kind="mfp",
        supplies={("1.1", 3, 3, "Black Toner", 19, 100, -3, "black"): ("toner", "black", "some", None), ("1.2", 3, 3, "Tóner cian", 19, 100, 40, 0): ("toner", "cyan", 40, None), ("1.9", 4, 4, "Waste Toner", 19, 100, -2, None): ("waste", None, "unknown", None)},
    ),
    "lanier": Device(descr="LANIER MP C2503 1.20 / LANIER Network Printer C model / LANIER Network Scanner C model", oid="367.1.1", hr="LANIER MP C2503", maker="Lanier", model="MP C2503", kind="mfp"),
    "konica-c308": Device(
        descr="KONICA MINOLTA bizhub C308", oid="18334.1.1.1.2.1.87.2.2", hr="KONICA MINOLTA bizhub C308", maker="Konica Minolta", model="bizhub C308", kind="mfp",
        supplies={("1.1", 3, 3, "Toner (Cyan)", 19, 100, 33, "C"): ("toner", "cyan", 33, None), ("1.2", 3, 9, "Drum Cartridge (Black)", 19, 100, -3, "K"): ("drum", "black", "some", None), ("1.3", 4, 4, "Waste Toner Box", 1, -2, -3, None): ("waste", None, "some", None)},
    ),
    "konica-4000p": Device(descr="KONICA MINOLTA bizhub 4000P", oid="18334.1.1.1.2.1.99.2.2", hr="KONICA MINOLTA bizhub 4000P", maker="Konica Minolta", model="bizhub 4000P", kind="printer"),
    "oki-c610": Device(
        descr="OKI OkiLAN 8450e Rev.02.45 10/100BASE Ethernet PrintServer: Attached to C610 Rev.01.09 : Copyright (c) 2010 Oki Data Corporation. All rights reserved.", oid="2001.1.1.1.1", maker="Oki", model="C610", kind="printer", firmware="01.09",
        supplies={("1.1", 3, 3, "Toner Cartridge, Black", 19, 100, 10, "BLACK"): ("toner", "black", 10, None), ("1.2", 3, 9, "Image Drum, Cyan", 19, 100, 99, 0): ("drum", "cyan", 99, None)},
    ),
    "samsung-clx": Device(
        descr="Samsung CLX-6260 Series; V11.01.00.24 NOV-20-2013;Engine V1.00.05;NIC V6.01.05;S/N Z79DB8GD100123L", oid="236.11.5.1", hr="Samsung CLX-6260 Series", maker="Samsung", model="CLX-6260", kind="mfp", serial="Z79DB8GD100123L", firmware="V11.01.00.24",
        supplies={("1.1", 3, 3, "Cyan Toner S/N:CRUM-14052012345", 19, 100, 57, "cyan"): ("toner", "cyan", 57, None), ("1.2", 3, 9, "Imaging Unit S/N:CRUM-14052012346", 19, 100, 57, None): ("drum", None, 57, None)},
    ),
    "sharp-mx": Device(
        descr="SHARP MX-3070N", oid="2385.3.1", hr="SHARP MX-3070N", maker="Sharp", model="MX-3070N", kind="mfp",
        supplies={("1.1", 3, 3, "Black Toner", 19, -2, 75, "black"): ("toner", "black", 75, None), ("1.5", 4, 4, "Waste Toner", 19, 100, 0, None): ("waste", None, "empty", None)},
    ),
    "toshiba-2505": Device(
        descr="TOSHIBA e-STUDIO2505AC", oid="1129.2.3.45.1", hr="TOSHIBA e-STUDIO2505AC", maker="Toshiba", model="e-STUDIO2505AC", kind="mfp",
        supplies={("1.1", 3, 3, "TONER CYAN", 19, 100, 28, "cyan"): ("toner", "cyan", 28, None), ("1.2", 4, 4, "USED TONER", 19, 100, -3, None): ("waste", None, "some", None)},
    ),
    "dell-b3465": Device(descr="Dell B3465dnf Laser MFP version NH71.GM.N514 kernel 3.0.0 All-N-1", oid="674.10898.10", hr="Dell B3465dnf Laser MFP", maker="Dell", model="B3465dnf Laser MFP", kind="mfp", firmware="NH71.GM.N514"),
    "pantum-p3300": Device(descr="Pantum P3300DN Series", oid="40093.1.1", hr="Pantum P3300DN Series", maker="Pantum", model="P3300DN", kind="printer"),
    "zebra": Device(descr="ZTC ZT410-203dpi ZPL", oid="10642.1.1", maker="Zebra", model="ZT410-203dpi ZPL", kind="label-printer"),
    "fujifilm-apeos": Device(
        descr="FUJIFILM Apeos C3060; ESS1.2.3", oid="297.1.11", hr="FUJIFILM Apeos C3060", maker="Fujifilm", model="Apeos C3060", kind="mfp",
        supplies={("1.1", 3, 3, "ブラックトナー", 19, 100, 90, 0): ("toner", "black", 90, None), ("1.2", 4, 4, "廃トナーボックス", 19, 100, -3, 0): ("waste", None, "some", None)},
    ),
}  # fmt: skip
