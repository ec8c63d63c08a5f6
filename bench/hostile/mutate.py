"""Good inputs made bad: bits, lengths, numbers, spans and lines changed, cut, repeated and mixed with others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

LARGEST = 200_000
MOST_LINES = 400
"""Longer texts are mutated in parts: a whole walk says no more than 400 of its rows, and takes longer."""

NUMBERS = (
    b"-1", b"-2", b"-3", b"-4", b"0", b"1", b"100", b"101", b"255", b"65536", b"2147483647", b"2147483648",
    b"-2147483648", b"4294967295", b"4294967296", b"9223372036854775807", b"9223372036854775808",
    b"18446744073709551615", b"99999999999999999999999", b"9" * 5000, b"1e309", b"0x10", b"NaN", b"Infinity",
    b"1_000", "\u0663".encode(),
)  # fmt: skip
TEXTS = (
    b"\x00", b"\x1b[31mred\x1b[0m", b"\x1b]0;title\x07", b"\r\n\r\n", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x8f\xa2", b"<script>", b"&lt;", b"&#0;", b"'\"--",
    b"=1+1", b"../../", b"%s%n", b";;;;", b"====", b"::::", b"||||", b"A" * 300, b"( " * 400, b"a-" * 600,
    b"0 " * 2_000, b"\xe7\xa2\xb3\xe7\xb2\x89",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+")

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]
"""(rng, input, other good inputs) -> changed input"""


def mutated(rng: Random, data: bytes, others: Sequence[bytes], words: Sequence[bytes] = ()) -> bytes:
    """`data` after one to eight changes. `words` are what the format itself is made of."""
    data = _part(rng, data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        if words and rng.random() < 0.15:
            data = _put(rng, data, rng.choice(words))
        else:
            data = rng.choice(CHANGES)(rng, data, others)
    return data[:LARGEST]


def _part(rng: Random, data: bytes) -> bytes:
    if data.count(b"\n", 0, 100_000) < MOST_LINES or rng.random() < 0.005:
        return data
    lines = data.split(b"\n")
    return b"\n".join(rng.sample(lines, MOST_LINES) if rng.random() < 0.3 else _run(rng, lines, MOST_LINES))


def _run(rng: Random, lines: list[bytes], size: int) -> list[bytes]:
    at = rng.randrange(len(lines))
    return lines[at : at + size]


def _span(rng: Random, data: bytes, longest: int = 64) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randint(0, longest))


def _put(rng: Random, data: bytes, piece: bytes) -> bytes:
    start, stop = _span(rng, data, 8 if rng.random() < 0.5 else 0)
    return data[:start] + piece + data[stop:]


def _octet(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    if not data:
        return b"\x00"
    at = rng.randrange(len(data))
    new = data[at] ^ 1 << rng.randrange(8) if rng.random() < 0.5 else rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x30, 0x82))
    return data[:at] + bytes((new,)) + data[at + 1 :]


def _length(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Two or four octets that may be a length become another one."""
    size = rng.choice((2, 4))
    at = rng.randrange(max(1, len(data) - size))
    value = rng.choice((0, 1, 0x7FFF, 0x8000, 0xFFFF, rng.randrange(65_536)))
    return data[:at] + value.to_bytes(size, "big") + data[at + size :]


def _cut(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _drop(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, stop = _span(rng, data)
    return data[:start] + data[stop:]


def _repeat(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, stop = _span(rng, data)
    return data[:stop] + data[start:stop] * rng.choice((1, 2, 40, 300)) + data[stop:]


def _splice(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _noise(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return _put(rng, data, rng.randbytes(rng.randint(1, 24)))


def _text(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return _put(rng, data, rng.choice(TEXTS))


def _number(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """One number in digits becomes another one."""
    start = rng.randrange(len(data) + 1)
    found = _NUMBER.search(data, start) or _NUMBER.search(data)
    return data[: found.start()] + rng.choice(NUMBERS) + data[found.end() :] if found else data


def _lines(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lines dropped, doubled, moved."""
    lines = data.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines.insert(two, lines[one])
        case 2:
            lines[one], lines[two] = lines[two], lines[one]
        case _:
            lines[one:] = reversed(lines[one:])
    return b"\n".join(lines)


CHANGES: tuple[Change, ...] = (
    _octet, _octet, _length, _cut, _drop, _repeat, _splice, _noise, _text, _number, _number, _lines,
)  # fmt: skip
