"""Veil: stand-ins for what tells whose device it is, the same wherever it occurs and however it is written.

A stand-in has the length and the kinds of characters of what it hides, so that lengths in binary answers stay right
and a serial number still looks like one. It is made with a key that is thrown away: nobody can turn it back, and two
recordings of one device share nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_lowercase, ascii_uppercase, digits
from urllib.parse import quote

SHORTEST, SHORTEST_FOREIGN = 4, 2
"""Shorter texts occur everywhere by accident; they are hidden where they stand, not elsewhere. Two letters of another
script are a name."""
PUBLIC_HOSTS = (
    "pwg.org", "w3.org", "xmlsoap.org", "ietf.org", "openprinting.org", "mopria.org", "microsoft.com", "apple.com",
    "google.com", "hp.com", "brother.com", "canon.com", "epson.com", "epson.net", "konicaminolta.com", "ricoh.com",
    "kyoceradocumentsolutions.com", "lexmark.com", "xerox.com", "fujifilm.com", "oki.com", "samsung.com", "sharp.com",
    "toshibatec.com", "pantum.com", "zebra.com", "dell.com",
)  # fmt: skip
"""Hosts of makers and of standards: they tell nobody's name, and namespaces of XML are written with them."""
ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "shift_jis", "gb18030")
_MAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_URI_HOST = re.compile(rb"(?<=://)[A-Za-z0-9][A-Za-z0-9.-]*")
_SIX = re.compile(rb"(?<![0-9A-Fa-f:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Fa-f:])")
_SHARE = re.compile(rb"(?<=\\\\)[A-Za-z0-9][A-Za-z0-9.-]*")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = {1: "é", 2: "ж", 3: "某", 4: "\U0001f5a8"}
"""A letter of another script gives way to one that is as long in every encoding both are written in."""


class Veil:
    """Hides what it was told to hide, and what looks like an address of a person or of a private network."""

    def __init__(self, *, public: Iterable[str] = (), key: bytes | None = None) -> None:
        """`public`: texts whose words are no secret; maker and model stand in many names."""
        self._key = key or secrets.token_bytes(16)
        self._public = {word.casefold() for text in public for word in _WORD.findall(text)}
        self._hidden: dict[bytes, bytes] = {}
        self._pattern: re.Pattern[bytes] | None = None

    # What is secret

    def hide_word(self, secret: str | None) -> None:
        """A serial number or another text that is secret as a whole, in every encoding devices use."""
        secret = (secret or "").strip(" \0")
        if len(secret) < (SHORTEST if secret.isascii() else SHORTEST_FOREIGN):
            return
        for text in (secret, secret.upper(), secret.lower()):
            if len(text) == len(secret):
                self._pair(_spelt(text), _spelt(self.masked(text)))

    def hide_name(self, name: str | None) -> None:
        """A host name, a place, a person: each of its words but those that are public."""
        for word in _WORD.findall(name or ""):
            if word.casefold() not in self._public:
                self.hide_word(word)

    def hide_mac(self, mac: str) -> None:
        """``00:17:c8:aa:bb:cc`` but for the maker's half, as octets and as text; the last half also alone, as makers
        put it into host names."""
        octets = bytes.fromhex(mac.replace(":", ""))
        maker, own = octets[:3], octets[3:]
        hidden = self._digest(own)[:3]
        self._pair([octets], [maker + hidden])
        for joint in (":", "-", ".", ""):
            self._pair_hex(maker + own, maker + hidden, joint)
        self._pair_hex(own, hidden, "")

    def hide_uuid(self, uuid: str) -> None:
        """As 16 octets and as text, with hyphens and without."""
        plain = re.sub(r"[^0-9a-fA-F]", "", uuid)
        if len(plain) != 32:
            return
        octets = bytes.fromhex(plain)
        hidden = self._digest(octets)[:16]
        self._pair([octets], [hidden])
        self._pair_hex(octets, hidden, "")
        for shape in (str.upper, str.lower):
            self._pair([shape(_grouped(octets)).encode()], [shape(_grouped(hidden)).encode()])

    # What is seen

    def over(self, data: bytes) -> bytes:
        """`data` with every secret replaced, as long as before."""
        if self._hidden:
            # The longest first: a name may be a part of another.
            longest = sorted(self._hidden, key=len, reverse=True)
            self._pattern = self._pattern or re.compile(b"|".join(map(re.escape, longest)))
            data = self._pattern.sub(lambda found: self._hidden[found[0]], data)
        data = _URI_HOST.sub(lambda found: self._host(found[0]), data)
        data = _SHARE.sub(lambda found: self.whole(found[0]), data)
        data = _ADDRESS.sub(lambda found: self.address(found[0]), data)
        data = _SIX.sub(lambda found: self._address_6(found[0]), data)
        return _MAIL.sub(lambda found: self.whole(found[0]), data)

    def whole(self, data: bytes) -> bytes:
        """A value that is secret in itself, however short."""
        return self.masked(data.decode("latin-1")).encode("latin-1")

    def name(self, data: bytes) -> bytes:
        """A value in which people write: all its words but those that are public, in the letters they are in."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return self.whole(data)
        hidden = _WORD.sub(lambda found: self._unless_public(found[0]), text).encode("utf-8", "replace")
        return hidden if len(hidden) == len(data) else self.whole(data)

    def _unless_public(self, word: str) -> str:
        return word if word.casefold() in self._public else self.masked(word)

    def masked(self, text: str) -> str:
        """The stand-in of a text. The same word in another case has the same one in that case."""
        stream = self._stream(text.casefold().encode("utf-8", "surrogatepass"))
        return "".join(_of_its_kind(char, next(stream)) for char in text)

    def address(self, text: bytes) -> bytes:
        """The stand-in of a private address (RFC 1918, RFC 3927); other four numbers with dots may be a version."""
        octets = [int(part) for part in text.split(b".")]
        if max(octets) > 255 or not is_private(octets):
            return text
        stream = self._stream(text)
        return b".".join(_as_long(part, next(stream)) for part in text.split(b"."))

    # How it is done

    def _pair(self, spellings: Sequence[bytes], stand_ins: Sequence[bytes]) -> None:
        for spelling, stand_in in zip(spellings, stand_ins, strict=True):
            if spelling and len(spelling) == len(stand_in):
                self._hidden.setdefault(spelling, stand_in)
        self._pattern = None

    def _pair_hex(self, octets: bytes, hidden: bytes, joint: str) -> None:
        for shape in (str.upper, str.lower):
            texts = [shape(joint.join(f"{octet:02x}" for octet in one)).encode() for one in (octets, hidden)]
            self._pair(texts[:1], texts[1:])

    def _host(self, host: bytes) -> bytes:
        """Every host but those of makers and standards."""
        plain = host.lower().rstrip(b".").decode("ascii")
        if plain.endswith(tuple(f".{known}" for known in PUBLIC_HOSTS)) or plain in PUBLIC_HOSTS:
            return host
        if _ADDRESS.fullmatch(host):
            stream = self._stream(host)
            return b".".join(_as_long(part, next(stream)) for part in host.split(b"."))
        return self.whole(host)

    def _address_6(self, text: bytes) -> bytes:
        """The stand-in of an IPv6 address; times and other words with colons stay. It may hold the MAC address."""
        try:
            ipaddress.IPv6Address(text.decode("ascii"))
        except ValueError:
            return text
        stream = self._stream(text.lower())
        return bytes(_hex_like(octet, next(stream)) for octet in text)

    def _digest(self, of: bytes) -> bytes:
        return hmac.digest(self._key, of, hashlib.sha256)

    def _stream(self, of: bytes) -> Iterator[int]:
        block = 0
        while True:
            yield from self._digest(of + block.to_bytes(4, "big"))
            block += 1


def is_private(octets: Sequence[int]) -> bool:
    """Whether an IPv4 address is one of a private or link-local network."""
    first, second = octets[:2]
    return first == 10 or (first, second) in ((192, 168), (169, 254)) or (first == 172 and 16 <= second < 32)


def _spelt(text: str) -> list[bytes]:
    """The text in each encoding, and as it stands in a URI; empty where an encoding has no words for it."""
    found = []
    for encoding in ENCODINGS:
        try:
            found.append(text.encode(encoding))
        except UnicodeEncodeError:
            found.append(b"")
    return [*found, quote(text, errors="replace").encode()]


def _of_its_kind(char: str, number: int) -> str:
    if char.isascii():
        for kind in (digits, ascii_lowercase, ascii_uppercase):
            if char in kind:
                return kind[number % len(kind)]
        return char
    if not char.isalnum():
        return char
    return _LETTERS[1 if ord(char) < 0x100 else len(char.encode("utf-8", "surrogatepass"))]


def _hex_like(octet: int, number: int) -> int:
    char = chr(octet)
    for kind in (digits, "abcdef", "ABCDEF"):
        if char in kind:
            return ord(kind[number % len(kind)])
    return octet


def _as_long(part: bytes, number: int) -> bytes:
    """A number below 200 with as many digits."""
    smallest = (1, 10, 100)[len(part) - 1]
    return str(smallest + number % (9, 90, 100)[len(part) - 1]).encode()


def _grouped(octets: bytes) -> str:
    text = octets.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
