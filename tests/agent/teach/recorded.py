"""A device that no row knows well: its firmware and a counter stand where nobody looks yet."""

from __future__ import annotations

from pathlib import Path

LINES = """\
1.3.6.1.2.1.1.1.0|4|KONICA MINOLTA bizhub C3320i
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.18334.1.1.1.2.1.173.2.1
1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5
1.3.6.1.2.1.25.3.2.1.3.1|4|KONICA MINOLTA bizhub C3320i
1.3.6.1.2.1.43.10.2.1.4.1.1|65|12345
1.3.6.1.4.1.18334.1.1.1.5.5.1.1.3.1|4|ACVD0Y0-0100
1.3.6.1.4.1.18334.1.1.1.5.7.2.1.1.0|65|1234567
1.3.6.1.4.1.18334.1.1.1.9.1.0|4x|0001020304
1.3.6.1.4.1.18334.1.1.1.9.2.0|4x|e68993e58db0
"""
ROW = '[oids]\nfirmware = ["1.3.6.1.4.1.18334.1.1.1.5.5.1.1.3.1"]\n'


def capture(folder: Path, name: str = "c3320i.snmprec", lines: str = LINES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(lines, "utf-8")
    return path


def row(folder: Path, text: str = ROW, name: str = "vendors/konica_minolta.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
