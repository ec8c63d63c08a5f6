"""Made-up printers as .snmprec files for snmp_responder: whole Printer-MIB trees (RFC 3805) of colour and mono MFPs.

A value of type `65t` or `67t` grows while the responder runs, and the eight characters of PLACE become the device's
address in hex, so that every device has a serial number and a name of its own.
"""

from __future__ import annotations

from pathlib import Path

PLACE = "@@@@@@@@"
_PRT, _HR, _SYS = "1.3.6.1.2.1.43", "1.3.6.1.2.1.25.3", "1.3.6.1.2.1.1"
_COLORS = ("black", "cyan", "magenta", "yellow")
_MODELS = 8

INTEGER, OCTETS, OID, COUNTER, TICKS = "2", "4", "6", "65", "67"
Rows = dict[str, tuple[str, str | int]]
Columns = dict[int, tuple[str, str | int]]


def write(folder: Path) -> list[Path]:
    """Eight models, each a file."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for seed in range(_MODELS):
        rows = model(seed)
        lines = [f"{oid}|{tag}|{value}\n" for oid, (tag, value) in sorted(rows.items(), key=lambda row: _arcs(row[0]))]
        files.append(folder / f"model{seed}.snmprec")
        files[-1].write_text("".join(lines))
    return files


def model(seed: int) -> Rows:
    """All rows of one model. The seed varies colour, trays, levels and alerts."""
    colors = _COLORS if seed % 4 != 2 else _COLORS[:1]
    return {
        **_system(seed),
        **_general(seed),
        **_trays(seed),
        **_marker(seed),
        **_supplies(seed, colors),
        **_panel(seed),
        **_alerts(seed),
    }


def _arcs(oid: str) -> tuple[int, ...]:
    return tuple(map(int, oid.split(".")))


def _table(entry: str, index: str, columns: Columns) -> Rows:
    return {f"{entry}.{column}.{index}": value for column, value in columns.items()}


def _system(seed: int) -> Rows:
    return {
        f"{_SYS}.1.0": (OCTETS, f"Northgate MFP {seed}; firmware 1.{seed}"),
        f"{_SYS}.2.0": (OID, f"1.3.6.1.4.1.55555.{seed}"),
        f"{_SYS}.3.0": (f"{TICKS}t", "52860963,100"),
        f"{_SYS}.4.0": (OCTETS, "it-support"),
        f"{_SYS}.5.0": (OCTETS, f"PRN-{PLACE}"),
        f"{_SYS}.6.0": (OCTETS, f"Floor {seed % 5}"),
        f"{_HR}.2.1.2.1": (OID, "1.3.6.1.2.1.25.3.1.5"),
        f"{_HR}.2.1.3.1": (OCTETS, f"Northgate MFP {seed}"),
        f"{_HR}.2.1.5.1": (INTEGER, 2),
        f"{_HR}.5.1.1.1": (INTEGER, 3),
        f"{_HR}.5.1.2.1": ("4x", "0000"),
    }


def _general(seed: int) -> Rows:
    general: Columns = {
        1: (COUNTER, 3),
        2: (INTEGER, 1),
        3: (INTEGER, 3),
        16: (OCTETS, f"MFP {seed}-{PLACE}"),
        17: (OCTETS, f"SN{PLACE}"),
        18: (COUNTER, 12),
        19: (COUNTER, 40),
    }
    rows = _table(f"{_PRT}.5.1.1", "1", general)
    rows |= _table(f"{_PRT}.7.1.1", "1.1", {2: (OCTETS, "en"), 3: (OCTETS, "US"), 4: (INTEGER, 106)})
    for number, cover in enumerate(("Front door", "Fuser cover"), 1):
        rows |= _table(f"{_PRT}.6.1.1", f"1.{number}", {2: (OCTETS, cover), 3: (INTEGER, 4)})
    return rows


def _trays(seed: int) -> Rows:
    rows: Rows = {}
    for tray in range(1, 3 + seed % 4):
        columns: Columns = {
            2: (INTEGER, 3),
            8: (INTEGER, 8),
            9: (INTEGER, 500),
            10: (INTEGER, (250, -3, 0, -2, 100)[(tray + seed) % 5]),
            11: (INTEGER, 0),
            12: (OCTETS, "iso-a4-white"),
            13: (OCTETS, f"Tray {tray}"),
            18: (OCTETS, f"Cassette {tray}"),
        }
        rows |= _table(f"{_PRT}.8.2.1", f"1.{tray}", columns)
    return rows | _table(
        f"{_PRT}.9.2.1", "1.1", {4: (INTEGER, 500), 5: (INTEGER, -3), 6: (INTEGER, 0), 7: (OCTETS, "Bin")}
    )


def _marker(seed: int) -> Rows:
    marker: Columns = {
        2: (INTEGER, 4),
        3: (INTEGER, 7),
        4: (f"{COUNTER}t", f"{16777216 + seed * 100003},1"),
        5: (COUNTER, 4321),
        6: (INTEGER, 4),
        15: (INTEGER, 0),
    }
    return _table(f"{_PRT}.10.2.1", "1.1", marker)


def _supplies(seed: int, colors: tuple[str, ...]) -> Rows:
    """Toner per colour, waste box, fuser, belt, and a drum per colour where there are several."""
    parts = [
        (f"{color.capitalize()} Cartridge NG{seed}{color[0].upper()}", 3, 3, n) for n, color in enumerate(colors, 1)
    ]
    parts += [("Waste Toner Box", 4, 4, 0), ("Fuser Kit", 15, 3, 0), ("Transfer Belt", 20, 3, 0)]
    if len(colors) > 1:
        parts += [(f"{color.capitalize()} Drum", 9, 3, n) for n, color in enumerate(colors, 1)]
    rows: Rows = {}
    for number, (text, kind, direction, colorant) in enumerate(parts, 1):
        columns: Columns = {
            2: (INTEGER, 1),
            3: (INTEGER, colorant),
            4: (INTEGER, direction),
            5: (INTEGER, kind),
            6: (OCTETS, text),
            7: (INTEGER, 7),
            8: (INTEGER, 10000),
            9: (INTEGER, (4200, -3, 900, -2, 7700, 300)[(number + seed) % 6]),
        }
        rows |= _table(f"{_PRT}.11.1.1", f"1.{number}", columns)
    for number, color in enumerate(colors, 1):
        rows |= _table(f"{_PRT}.12.1.1", f"1.{number}", {2: (INTEGER, 1), 3: (INTEGER, 3), 4: (OCTETS, color)})
    return rows


def _panel(seed: int) -> Rows:
    rows: Rows = {}
    for line, text in enumerate(("Ready", f"Tray {seed % 3 + 1} low"), 1):
        rows[f"{_PRT}.16.5.1.2.1.{line}"] = (OCTETS, text)
    for light, text in enumerate(("Ready", "Data", "Attention"), 1):
        on, off = (1000, 0) if light == 1 else (0, 1000)
        columns: Columns = {2: (INTEGER, on), 3: (INTEGER, off), 4: (INTEGER, 4), 5: (OCTETS, text)}
        rows |= _table(f"{_PRT}.17.6.1", f"1.{light}", columns)
    return rows


def _alerts(seed: int) -> Rows:
    """One to three rows: severity, group, code, text (RFC 3805 prtAlertTable)."""
    rows: Rows = {}
    known = ((4, 8, 807, "Tray low"), (4, 11, 1104, "Toner low"), (3, 6, 501, "Cover open"))
    for number, (severity, group, code, text) in enumerate(known[: 1 + seed % 3], 1):
        columns: Columns = {
            2: (INTEGER, severity),
            3: (INTEGER, 4),
            4: (INTEGER, group),
            5: (INTEGER, 1),
            6: (INTEGER, -1),
            7: (INTEGER, code),
            8: (OCTETS, text),
            9: (TICKS, 52800000),
        }
        rows |= _table(f"{_PRT}.18.1.1", f"1.{number}", columns)
    return rows
