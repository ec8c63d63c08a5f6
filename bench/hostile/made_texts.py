"""Documents and texts made up from their own words: XML, DNS-SD, PJLink, device ids, batches."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from pathlib import Path
from random import Random

from agent.capture import pack
from bench import readings
from bench.hostile import made
from bench.hostile.made import octets, text
from bench.hostile.mutate import mutated
from fleet.kit.wire import to_plain

# eSCL, WSD

_ROOTS = ("ScannerCapabilities", "ScannerStatus", "Envelope", "x")
_ELEMENTS = (
    "Version", "MakeAndModel", "Manufacturer", "SerialNumber", "UUID", "Platen", "Adf", "AdfDuplexInputCaps", "State",
    "AdfState", "AdminURI", "Jobs",
)  # fmt: skip
_ESCAPED = {ord("<"): "&lt;", ord("&"): "&amp;", **dict.fromkeys((*range(9), *range(11, 32), 0x7F), "")}
_PROLOGS = (
    b'<?xml version="1.0" encoding="UTF-8"?>', b"", b'<?xml version="1.0" encoding="utf-16"?>',
    b'<?xml version="1.0" encoding="nonsense"?>',
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]>', b"\xef\xbb\xbf",
)  # fmt: skip


def xml(rng: Random) -> bytes:
    """A document of a scanner: entities, odd encodings, and depth included."""
    spaces = (
        'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
    )
    root = f"{rng.choice(('scan', 'scan', 'scan', 'pwg'))}:{rng.choice(_ROOTS if rng.random() < 0.1 else _ROOTS[:2])}"
    inside = b"".join(_element(rng) for _ in range(rng.randint(0, 10)))
    if rng.random() < 0.02:
        inside = b"<a>" * 5_000 + inside + b"</a>" * 5_000
    prolog = rng.choice(_PROLOGS if rng.random() < 0.2 else _PROLOGS[:2])
    return prolog + f"<{root} {spaces}>".encode() + inside + f"</{root}>".encode()


def _element(rng: Random) -> bytes:
    name = f"{rng.choice(('scan', 'pwg'))}:{rng.choice(_ELEMENTS)}".encode()
    words = (b"Idle", b"Stopped", b"ScannerAdfJam", b"2.63", b"&#x202e;", b"<![CDATA[x]]>", b"&#xa0;")
    bad = (b"&b;", b"&#27;", b"<x>")
    escaped = text(rng).decode("utf-8", "ignore").translate(_ESCAPED).encode()
    said = rng.choice(bad) if rng.random() < 0.02 else rng.choice(words) if rng.random() < 0.5 else escaped
    return b"<" + name + b">" + said + b"</" + name + b">"


# DNS-SD

_TYPES = (
    "_ipp._tcp",
    "_ipps._tcp",
    "_uscan._tcp",
    "_printer._tcp",
    "_pjlink._tcp",
    "_http._tcp",
    "_IPP._TCP.local.",
    "",
)
_KEYS = (
    "ty", "product", "usb_MFG", "usb_MDL", "note", "adminurl", "rp", "rs", "UUID", "mac", "Scan", "Fax", "printer-type",
    "usb_SER", "is",
)  # fmt: skip
_UUIDS = ("434e3442-5030-3132-3334-30055ce13be2", "urn:uuid:00000000-0000-1000-8000-f8d027761251", "x", "{}")


def dns_sd(rng: Random) -> bytes:
    """The list of services that a capture holds."""
    rows = []
    for _ in range(rng.choice((0, 1, 3, 5, 70))):
        txt = {rng.choice(_KEYS): _json_value(rng) for _ in range(rng.randint(0, 12))}
        row = {
            "type": rng.choice(_TYPES),
            "instance": _json_value(rng),
            "host": _json_value(rng),
            "port": 631,
            "txt": txt,
        }
        if rng.random() < 0.1:
            row[rng.choice(tuple(row))] = _json_value(rng)
        rows.append(row)
    return json.dumps(rows, ensure_ascii=rng.random() < 0.8).encode("utf-8", "surrogatepass")


def _json_value(rng: Random) -> object:
    said = text(rng).decode("utf-8", "replace")
    return rng.choice((said, said, said, rng.choice(_UUIDS), None, 10**30, [1], {"a": {}}, True, "\ud800", "\u202e"))


def txt(rng: Random) -> bytes:
    """The rdata of a TXT record (RFC 6763 section 6): a length and a key=value, again and again."""
    pairs = [
        rng.choice(_KEYS).encode() + rng.choice((b"=", b"", b"==")) + octets(rng) for _ in range(rng.randint(0, 20))
    ]
    return b"".join(bytes((len(pair[:255]),)) + pair[:255] for pair in pairs)


# PJLink, ids, texts

_COMMANDS = (
    b"POWR",
    b"ERST",
    b"LAMP",
    b"NAME",
    b"INF1",
    b"INF2",
    b"CLSS",
    b"SNUM",
    b"SVER",
    b"FILT",
    b"RLMP",
    b"RFIL",
    b"ABCD",
)
_SAID = (
    b"0",
    b"1",
    b"ERR1",
    b"err3",
    b"012012",
    b"974 1 10 0",
    b"1 " * 40,
    b"99999999 1",
    b"EPSON",
    b"EPSON EB-L1",
    b"OK",
)


def pjlink(rng: Random) -> bytes:
    lines = [rng.choice((b"PJLINK 0", b"PJLINK 1 498e4a67", b"PJLINK ERRA", b"PJLINK 1", b"hello"))]
    for _ in range(rng.randint(0, 14)):
        said = rng.choice(_SAID) if rng.random() < 0.7 else text(rng)
        lines.append(rng.choice((b"%1", b"%2", b"%3")) + rng.choice(_COMMANDS) + b"=" + said)
    return rng.choice((b"\r\n", b"\r", b"\n")).join(lines)


def device_id(rng: Random) -> bytes:
    keys = (b"MFG", b"MANUFACTURER", b"MDL", b"MODEL", b"SN", b"SERN", b"SER", b"CLS", b"DES", b"CMD", b"", b"level")
    return b";".join(
        rng.choice(keys) + rng.choice((b":", b"=", b"", b"::")) + octets(rng) for _ in range(rng.randint(0, 12))
    )


def in_a_set(rng: Random) -> bytes:
    """A character set by its number, and a text in any."""
    if rng.random() < 0.5:
        return rng.randbytes(2) + octets(rng)
    set_ = rng.choice((3, 4, 5, 17, 18, 39, 57, 106, 113, 114, 1000, 1013, 1015, 2004, 2024, 2025, 2026, 2252))
    return set_.to_bytes(2, "big") + octets(rng)


# Recordings over several protocols


def packed(rng: Random) -> bytes:
    """A zip of answers over several protocols, some of them broken, packed in any way, some twice."""
    makers = {".snmprec": made.walk, ".ipp": made.ipp, ".xml": xml, ".txt": pjlink, ".json": dns_sd}
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")
        names = rng.sample((*pack.PARTS, pack.ABOUT, "../x.ipp"), k=rng.randint(0, 6))
        for name in [*names, *(names[:1] if rng.random() < 0.05 else ())]:
            data = makers[Path(name).suffix](rng)
            data = mutated(rng, data, (data,)) if rng.random() < 0.5 else data
            packing = rng.choice(_PACKINGS if rng.random() < 0.05 else _PACKINGS[:2])
            # An entry of its own bears the year 1980, so that the same seed gives the same octets.
            archive.writestr(zipfile.ZipInfo(name), data[:20_000], compress_type=packing)
    data = file.getvalue()
    return _with_other_packing(rng, data) if rng.random() < 0.05 else data


_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def _with_other_packing(rng: Random, data: bytes) -> bytes:
    """Another packing named in all headers, local (PK 3 4) and central (PK 1 2), so that the content fits no more."""
    other = rng.choice((0, 1, 8, 9, 12, 14, 95, 99)).to_bytes(2, "little")
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(mark)
        while at >= 0:
            data = data[: at + place] + other + data[at + place + 2 :]
            at = data.find(mark, at + 4)
    return data


# What the agent ships


def batch(rng: Random) -> bytes:
    """A batch of one to three readings in which some value, however deep, is another."""
    rows = [to_plain(reading) for reading in readings.taken(rng.randrange(50), rng.randint(1, 3))]
    body = {
        "spool": "s1",
        "seq": rng.randrange(99),
        "sent_at": "2026-03-02T08:00:05+00:00",
        "status": {},
        "readings": rows,
    }
    for _ in range(rng.choice((0, 1, 1, 2, 6))):
        _spoil(rng, body)
    return json.dumps(body, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoil(rng: Random, value: object) -> None:
    """One value somewhere below becomes another one, or goes, or comes new."""
    while isinstance(value, dict | list) and value:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = rng.choice(list(keys))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.85:
            value = inner
            continue
        if isinstance(value, dict) and rng.random() < 0.2:
            del value[key]
        elif isinstance(value, dict) and rng.random() < 0.1:
            value["more"] = _json_value(rng)
        else:
            value[key] = _plain(rng)
        return


def _plain(rng: Random) -> object:
    return rng.choice(
        (None, True, -1, 101, 1.5, 10**30, 2**63, float("nan"), float("inf"), "", "exact", "x" * 5_000, [], {}, [[[]]],
         "\x00", "\ud800", "\u202e", "1969-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00",
            {"is": "exact", "percent": 200},
         {"is": "some-left", "percent": 50}, {"is": "quantised", "percent": 5, "step": 0}, _json_value(rng))
    )  # fmt: skip
