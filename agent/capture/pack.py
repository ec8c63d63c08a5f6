"""A recording as one file: a zip with one answer per protocol. From outside it may hold anything, so all is bounded."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from fleet.errors import Garbled, SettingsError

SUFFIX = ".zip"
PARTS = ("snmp.snmprec", "ipp.ipp", "escl.xml", "escl-status.xml", "pjlink.txt", "mdns.json")
"""What a recording may hold; the suffix says which reader understands it."""
ABOUT = "about.json"
LARGEST_PART = 32 * 1024 * 1024
MOST_ENTRIES = 32
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""No time of recording: nobody needs it, and equal recordings are equal files."""


def write(path: Path, parts: Mapping[str, bytes], about: Mapping[str, object]) -> None:
    """The recording at `path`. SettingsError where it cannot be written."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        told = json.dumps(about, ensure_ascii=False, indent=1).encode()
        for name, data in {**parts, ABOUT: told}.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    try:
        path.write_bytes(packed.getvalue())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}") from error


def read(data: bytes) -> dict[str, bytes]:
    """Name -> answer of every part that is known. Garbled for what is no recording, or one that swells."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise Garbled(f"a zip of {len(entries)} files; a recording has at most {MOST_ENTRIES}")
            parts = [entry for entry in entries if entry.filename in PARTS]
            if len({entry.filename for entry in parts}) < len(parts):
                raise Garbled("a zip that holds the same answer twice")
            found = {entry.filename: _unpacked(archive, entry) for entry in parts}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise Garbled(f"not a readable zip: {error}") from error
    if not found:
        raise Garbled(f"a zip without any of {', '.join(PARTS)}: no recording of 'pagewarden agent capture'")
    return {name: found[name] for name in PARTS if name in found}


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content. What the directory says of its size is not believed."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Garbled(f"{entry.filename} is packed in a way that no recording is")
    with archive.open(entry) as file:
        data = file.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise Garbled(f"{entry.filename} unpacks to more than {LARGEST_PART:,} bytes")
    return data
