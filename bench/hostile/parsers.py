"""Every parser of something that comes from outside: what it is fed with, and the errors it may answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from zeroconf.asyncio import AsyncServiceInfo

from agent import pjlink
from agent.capture import pack
from agent.discover.mdns import candidate_of, read_facts
from agent.discover.territory import Territory
from agent.inspect import READERS, raws_of
from agent.normalise import normaliser
from agent.normalise.charset import decode
from agent.normalise.device_id import fields_of
from agent.normalise.merge import merge
from agent.normalise.pairs import pairs_of
from agent.normalise.quirks import BROTHER
from agent.probes.probe import Raw
from agent.settings import NetworkSettings
from agent.snmp import ber
from agent.snmp.raw import Name, SnmpRaw, Value
from bench.hostile import made, made_texts, seeds
from bench.hostile.invariants import NOW, Broken, check_reading, check_text, check_texts
from bench.hostile.mutate import TEXTS, mutated
from collector.envelope import opened
from fleet.errors import Garbled, IngestError, Refused
from fleet.kit import wire
from fleet.kit.clock import SystemClock
from fleet.reading import Reading, Round
from mibs.catalogue import load
from mibs.match import match_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """`read` reads one input and checks what it made of it; `errors` is all that it may raise. `share` is how many
    inputs of a run this parser gets, against the others. Of a `strict` format a change leaves little that can be read,
    so that more of the inputs are made up."""

    name: str
    read: Callable[[bytes], object]
    make: Callable[[Random], bytes]
    good: Callable[[], list[bytes]]
    errors: tuple[type[Exception], ...] = ()
    words: tuple[bytes, ...] = ()
    share: int = 1
    strict: bool = False
    _seeds: list[bytes] = field(default_factory=list)

    def input(self, rng: Random) -> bytes:
        """A good input changed, one made up, one made up and changed, or mere noise."""
        if not self._seeds:
            self._seeds.extend(self.good())
        chance = rng.random()
        if chance < 0.02:
            return rng.randbytes(rng.choice((0, 1, 8, 64, 1_500)))
        if chance < (0.65 if self.strict else 0.25):
            return self.make(rng)
        base = self.make(rng) if rng.random() < 0.2 else rng.choice(self._seeds)
        return mutated(rng, base, self._seeds, self.words)


# What is done with one input


def _read_raw(raw: Raw) -> Reading:
    """As `normalise_all` does it, but with nothing caught."""
    reading = normaliser(raw.protocol)(raw, load())
    whole = merge([(raw.protocol, reading)], key="fuzz", address="", round_=Round.FULL, taken_at=raw.taken_at)
    check_reading(whole)
    return whole


def _capture(suffix: str) -> Callable[[bytes], object]:
    return lambda data: _read_raw(READERS[suffix](data, NOW))


def _zip(data: bytes) -> object:
    """Several answers of one device, which become one reading."""
    raws, wrong = raws_of(pack.read(data), NOW)
    check_texts(wrong, "wrong")
    parts = [(raw.protocol, normaliser(raw.protocol)(raw, load())) for raw in raws]
    whole = merge(parts, key="fuzz", address="", round_=Round.FULL, taken_at=NOW)
    check_reading(whole)
    return whole


def _snmp_message(data: bytes) -> object:
    number = ber.request_id_of(data)
    answer = ber.response(data)
    if number != answer.request_id:
        raise Broken(f"request {answer.request_id} is taken for {number}")
    if len(answer.bindings) > ber.MOST_BINDINGS:
        raise Broken(f"{len(answer.bindings)} bindings")
    values = {binding.name: binding.value for binding in answer.bindings if binding.value is not None}
    return _read_raw(SnmpRaw(taken_at=NOW, values=values))


def _brother(data: bytes) -> object:
    size = data[0] if data else 0
    model = (b"MFC-L8390CDW", b"HL-2270DW", b"MFC-J5320DW", b"DCP-T710W")[size % 4]
    row: Name = (1, 3, 6, 1, 2, 1, 43, 11, 1, 1)
    values: dict[Name, Value] = {
        (1, 3, 6, 1, 2, 1, 1, 2, 0): (1, 3, 6, 1, 4, 1, 2435, 2),
        (1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1): b"Brother " + model,
        (*BROTHER, 8, 0): data[1 : 1 + size],
        (*BROTHER, 10, 0): data[1 + size :],
    }
    if size % 2:
        values |= {(*row, 5, 1, 1): 3, (*row, 6, 1, 1): b"Black Toner", (*row, 8, 1, 1): -2, (*row, 9, 1, 1): -3}
    return _read_raw(SnmpRaw(taken_at=NOW, values=values))


def _pjlink(data: bytes) -> object:
    for line in data.decode("utf-8", "replace").splitlines()[:20]:
        try:
            pjlink.challenge(line)
        except (Garbled, Refused) as error:
            check_text(str(error), "greeting")
    return _capture(".txt")(data)


_TERRITORY = Territory([NetworkSettings(cidr="127.77.0.0/24", allow_loopback=True)])


def _txt(data: bytes) -> object:
    kind = ("_ipp", "_ipps", "_uscan", "_http")[len(data) % 4]
    info = AsyncServiceInfo(
        f"{kind}._tcp.local.",
        f"x.{kind}._tcp.local.",
        port=631,
        addresses=[b"\x7f\x4d\x00\x02"],
        properties=data,
        server="x.local.",
    )
    facts = read_facts(info.properties)
    check_texts(facts, "facts")
    found = candidate_of(info, _TERRITORY, SystemClock())
    check_texts(found, "candidate")
    return found


def _device_id(data: bytes) -> object:
    text = data.decode("latin-1")
    check_texts(fields_of(text), "device id")
    check_texts(pairs_of(text), "pairs")
    return text


def _octets(data: bytes) -> object:
    text = decode(data[2:], int.from_bytes(data[:2], "big"))
    check_text(text or "", "decoded", 255)
    return text


def _identify(data: bytes) -> object:
    found = match_text(load(), data.decode("utf-8", "replace")[:4096])
    check_texts((found.maker, found.model) if found else (), "identified")
    return found


def _batch(data: bytes) -> object:
    batch = opened(data, NOW)
    check_texts([rejected.reason for rejected, _ in batch.rejected], "reasons")
    for _, reading in batch.readings:
        sent = wire.to_json(reading).encode()
        if replace(wire.from_json(sent, Reading)) != reading:
            raise Broken("a reading does not survive its own wire form")
    return batch


PARSERS: Mapping[str, Parser] = {
    parser.name: parser
    for parser in (
        Parser(
            name="snmp",
            read=_snmp_message,
            make=made.snmp_message,
            good=seeds.snmp_messages,
            errors=(Garbled,),
            share=15,
            strict=True,
        ),
        Parser(
            name="snmprec",
            read=_capture(".snmprec"),
            make=made.walk,
            good=lambda: seeds.walks() + seeds.recorded("snmp"),
            errors=(Garbled,),
            words=(b"|4x|", b"|2|", b"|6|", b"\n1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3\n", b"1.3.6.1.4.1.2435", b"#"),
            share=15,
        ),
        Parser(
            name="ipp",
            read=_capture(".ipp"),
            make=made.ipp,
            good=lambda: seeds.some(made.ipp) + seeds.recorded("ipp") + seeds.recorded("errors"),
            errors=(Garbled,),
            words=(
                b"\x34\x00\x00\x00\x00",
                b"\x37\x00\x00\x00\x00",
                b"\x4a\x00\x00\x00\x01a",
                b"\x03",
                b"\x04",
                b"\x7f\xff",
            ),
            share=15,
        ),
        Parser(
            name="xml",
            read=_capture(".xml"),
            make=made_texts.xml,
            good=lambda: seeds.some(made_texts.xml) + seeds.recorded("escl"),
            errors=(Garbled,),
            words=(b"<", b"</", b"]]>", b"<!DOCTYPE a>", b"<!ENTITY b 'c'>", b"&b;", b"&#x0;", b"<!--", b"xmlns:scan="),
            strict=True,
            share=10,
        ),
        Parser(
            name="mdns",
            read=_capture(".json"),
            make=made_texts.dns_sd,
            good=lambda: seeds.some(made_texts.dns_sd) + seeds.recorded("mdns"),
            errors=(Garbled,),
            words=(b'"', b"{", b"[" * 2_000, b"\\u0000", b"\\ud800", b"null", b"1e999", b'"txt": {"ty": "a"}'),
            strict=True,
            share=10,
        ),
        Parser(
            name="zip",
            read=_zip,
            make=made_texts.packed,
            good=lambda: seeds.some(made_texts.packed),
            errors=(Garbled,),
            strict=True,
            share=6,
        ),
        Parser(name="txt", read=_txt, make=made_texts.txt, good=lambda: seeds.some(made_texts.txt), share=5),
        Parser(
            name="pjlink",
            read=_pjlink,
            make=made_texts.pjlink,
            good=lambda: seeds.some(made_texts.pjlink) + seeds.recorded("pjlink"),
            errors=(Garbled,),
            words=(b"\n%1LAMP=", b"\n%1ERST=", b"%2SNUM=", b"ERR", b"PJLINK 1 "),
            share=8,
        ),
        Parser(name="brother", read=_brother, make=made.brother, good=lambda: seeds.some(made.brother), share=6),
        Parser(
            name="device-id",
            read=_device_id,
            make=made_texts.device_id,
            good=lambda: seeds.some(made_texts.device_id),
            words=(b"MFG:", b";"),
            share=4,
        ),
        Parser(
            name="charset",
            read=_octets,
            make=made_texts.in_a_set,
            good=lambda: seeds.some(made_texts.in_a_set),
            words=TEXTS,
            share=4,
        ),
        Parser(name="identify", read=_identify, make=made.text, good=seeds.descriptions, share=4),
        Parser(
            name="batch",
            read=_batch,
            make=made_texts.batch,
            good=lambda: seeds.some(made_texts.batch),
            errors=(IngestError,),
            words=(b'"', b"[" * 2_000, b"\\u0000", b"\\ud800", b"NaN", b'{"is":"exact","percent":101}', b"null"),
            strict=True,
            share=8,
        ),
    )
}
