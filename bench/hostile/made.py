"""Messages of SNMP and IPP made up from their own words: well formed enough to get far, and wrong where it hurts."""

from __future__ import annotations

import struct
from random import Random

from agent.ipp.request import FULL_ROUND
from agent.normalise.quirks import BROTHER, RICOH_COUNTERS, RICOH_TONER
from agent.snmp import ber
from agent.snmp.raw import Name, dotted
from bench.hostile.mutate import NUMBERS, TEXTS
from mibs.catalogue import load

PRT: Name = (1, 3, 6, 1, 2, 1, 43)
HR: Name = (1, 3, 6, 1, 2, 1, 25, 3)
TABLES: tuple[Name, ...] = (
    *((*PRT, table, 1, 1) for table in (5, 6, 7, 11, 12, 18)), (*PRT, 8, 2, 1), (*PRT, 10, 2, 1), (*PRT, 16, 5, 1),
    (*HR, 2, 1), (*HR, 5, 1), (1, 3, 6, 1, 2, 1, 2, 2, 1), (1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1),
    RICOH_COUNTERS, RICOH_TONER,
)  # fmt: skip
SCALARS: tuple[Name, ...] = (
    *((1, 3, 6, 1, 2, 1, 1, column, 0) for column in range(1, 8)),
    *((*BROTHER, number, 0) for number in (1, 8, 10, 17)),
    *(name for vendor in load().vendors for name in vendor.scalars()),
)
MAKERS = tuple(number for vendor in load().vendors for number in vendor.enterprises)
WORDS = (
    *(word for vendor in load().vendors for word in vendor.words), "LaserJet 400 MFP M425dn", "ECOSYS M2040dn",
    "MFC-L8390CDW", "printer", "switch", "Version 1.2.3", "S/N:ABC12345", "TK-3160", "Black Toner Cartridge",
    "Waste Toner Box", "黑色碳粉", "Resttonerbehälter", "projector", "firmware",
)  # fmt: skip


def text(rng: Random) -> bytes:
    """A description as devices write it, or as nobody should."""
    parts = [rng.choice(WORDS).encode() if rng.random() < 0.7 else rng.choice(TEXTS) for _ in range(rng.randint(0, 6))]
    joined = rng.choice((b" ", b";", b",", b"")).join(parts)
    return joined.decode("utf-8", "replace").encode("utf-16-be") if rng.random() < 0.05 else joined


def number(rng: Random) -> int:
    return rng.choice((-3, -2, -1, 0, 1, 7, 19, rng.randint(0, 120), rng.randint(-(2**71), 2**71), 2**31, 2**63))


def octets(rng: Random) -> bytes:
    return text(rng) if rng.random() < 0.7 else rng.randbytes(rng.randint(0, 40))


# SNMP


def _object(rng: Random) -> Name:
    if rng.random() < 0.3:
        return rng.choice(SCALARS)
    index = rng.choice(((1, 1), (1, 2), (1, rng.randint(1, 9)), (1,), (2, 1), (1, 1, 1), (2**32 - 1, 2**32 - 1), ()))
    return (*rng.choice(TABLES), rng.randint(1, 19), *index)


def walk(rng: Random) -> bytes:
    """Rows of the tables that are read, with any value in any of them."""
    rows = [f"1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.{rng.choice(MAKERS)}.1".encode()]
    if rng.random() < 0.01:
        table = rng.choice(TABLES)
        rows += [f"{dotted((*table, 2 + n % 9, 1, n // 9))}|2|{rng.randint(-3, 20)}".encode() for n in range(5_000)]
    for _ in range(rng.choice((5, 30, 30, 120))):
        match rng.randrange(4):
            case 0:
                tail = b"|4x|" + octets(rng).hex().encode()
            case 1:
                tail = b"|4|" + text(rng).replace(b"\n", b" ")
            case 2:
                tail = b"|6|" + dotted(_object(rng)).encode()
            case _:
                tail = b"|" + rng.choice((b"2", b"65", b"66", b"67", b"70", b"2x", b"9")) + b"|"
                tail += rng.choice(NUMBERS) if rng.random() < 0.2 else str(number(rng)).encode()
        rows.append(dotted(_object(rng)).encode() + tail)
    return b"\n".join(rows)


def snmp_message(rng: Random) -> bytes:
    """A response of v1 or v2c with bindings of every type there is, and some there are not."""
    count = 600 if rng.random() < 0.02 else rng.choice((0, 1, 3, 10, 40))
    bindings = b"".join(_binding(rng) for _ in range(count))
    head = ber.integer(rng.choice((0, 1, 1, 1))) + ber.tlv(ber.OCTETS, b"public")
    head_of_pdu = b"".join(ber.integer(rng.choice((0, 0, 1, 2, 5, 77, -1))) for _ in range(3))
    pdu = ber.tlv(0xA8 if rng.random() < 0.02 else 0xA2, head_of_pdu + ber.tlv(ber.SEQUENCE, bindings))
    return ber.tlv(ber.SEQUENCE, head + pdu)


def _binding(rng: Random) -> bytes:
    name = ber.object_name(_object(rng))
    if rng.random() < 0.01:
        name = ber.tlv(ber.OBJECT, rng.randbytes(rng.randint(0, 160)))
    tag = rng.choice((0x02, 0x02, 0x04, 0x04, 0x05, 0x06, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x81, 0x82))
    if rng.random() < 0.01:
        tag = rng.choice((0x30, 0x09, 0x1F))
    return ber.tlv(ber.SEQUENCE, name + ber.tlv(tag, _snmp_value(rng, tag)))


def _snmp_value(rng: Random, tag: int) -> bytes:
    if tag == ber.OCTETS:
        return octets(rng)
    if tag == ber.OBJECT:
        return ber.object_name(_object(rng))[2:]
    if tag == ber.INTEGER and rng.random() < 0.7:
        return ber.integer(rng.choice((-3, -2, -1, 0, 1, 3, 5, 19, rng.randint(0, 120))))[2:]
    return rng.randbytes(10 if rng.random() < 0.01 else rng.choice((0, 1, 2, 4, 8, 9)))


def brother(rng: Random) -> bytes:
    """Two of Brother's private tables, one after the other, behind the length of the first."""
    tables = [b"".join(_record(rng) for _ in range(rng.randint(0, 14))) + rng.choice((b"\xff", b"")) for _ in range(2)]
    return bytes((len(tables[0]) % 256,)) + b"".join(tables)


def _record(rng: Random) -> bytes:
    tags = (
        0x00,
        0x01,
        0x02,
        0x06,
        0x31,
        0x32,
        0x41,
        0x63,
        0x69,
        0x6A,
        0x6F,
        0x70,
        0x81,
        0x85,
        0xA1,
        rng.randrange(256),
    )
    size = rng.choice((1, 2, 4, 4, 4, rng.randrange(256)))
    body = rng.choice((rng.randrange(10_001), rng.randrange(2**32), 0, 1)).to_bytes(4, "big")[-size:]
    return bytes((rng.choice(tags), rng.choice((1, 1, 1, 0)), size)) + body


# IPP

_TAGS = (0x21, 0x22, 0x23, 0x30, 0x31, 0x32, 0x33, 0x35, 0x36, 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x13, 0x10, 0x7F)
_PAIRS = (
    b"type=toner;maxcapacity=100;level=%d;colorantname=black;",
    b"index=1;class=receptacleThatIsFilled;type=wasteToner;level=%d;",
    b"code=8;severity=critical;group=13;groupindex=%d;",
    b"type=sheetFeedAuto;mediafeed=0;maxcapacity=250;level=%d;name=Tray 1;",
    b"MFG:HP;MDL:LaserJet %d;SN:CN12345;CLS:PRINTER;", b"printer-supply='type=toner;level=%d'",
)  # fmt: skip


def ipp(rng: Random) -> bytes:
    """An answer with the attributes that are asked for, of any type and any value."""
    body = struct.pack(">BBHi", rng.choice((1, 2)), rng.randrange(3), rng.choice((0, 0, 0, 1, 0x0400, 0x0503)), 1)
    for _ in range(rng.choice((1, 1, 2, 5, 1_100 if rng.random() < 0.01 else 1))):
        body += bytes((rng.choice((1, 2, 4, 4, 4, 5, 6, 7, 0x0A)),))
        body += b"".join(_attribute(rng) for _ in range(rng.choice((0, 3, 12, 40))))
    return body + b"\x03"


def _attribute(rng: Random) -> bytes:
    name = rng.choice(FULL_ROUND).encode() if rng.random() < 0.95 else rng.choice(TEXTS)[:60]
    rows = [ipp_row(0x34, name, b""), *_members(rng, rng.randint(0, 3))] if rng.random() < 0.05 else []
    if not rows:
        tag = rng.choice(_TAGS)
        rows = [ipp_row(tag, name if place == 0 else b"", _ipp_value(rng, tag)) for place in range(rng.randint(1, 6))]
    return b"".join(rows)


def _members(rng: Random, depth: int) -> list[bytes]:
    rows = [ipp_row(0x4A, b"", b"monochrome"), ipp_row(0x21, b"", _ipp_value(rng, 0x21))]
    if depth:
        rows += [ipp_row(0x4A, b"", b"media-size"), ipp_row(0x34, b"", b""), *_members(rng, depth - 1)]
    return [*rows, ipp_row(0x37, b"", b"")]


def ipp_row(tag: int, name: bytes, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def _ipp_value(rng: Random, tag: int) -> bytes:
    if rng.random() < 0.05:
        return rng.randbytes(rng.randint(0, 12))
    if tag in (0x21, 0x23):
        return struct.pack(">i", rng.choice((-3, -2, -1, 0, 3, 4, 5, 100, 101, 2**31 - 1, -(2**31))))
    if tag == 0x22:
        return b"\x01"
    if tag == 0x31:
        return struct.pack(">HBBBBBB", rng.randrange(65_536), *rng.randbytes(6)) + rng.choice(
            (b"", b"+\x00\x00", b"-\xff\xff")
        )
    if tag == 0x30:
        return rng.choice(_PAIRS) % rng.choice((-3, 0, 42, 10**12))
    if tag == 0x44:
        return rng.choice((b"none", b"media-jam-error", b"toner-low-warning", b"standby", b"toner", b"inkCartridge"))
    return text(rng)[:1000]
