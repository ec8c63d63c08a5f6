"""Recording a device: the probes of the rounds ask it, and what it answers is kept as it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from agent.capture import snmp
from agent.capture.announced import heard_of
from agent.discover.sightings import Spot, target
from agent.inspect_live import services_at
from agent.ipp.codec import parse
from agent.ipp.message import Collection, GroupTag, Value
from agent.pjlink import CLASS_2, PjlinkRaw
from agent.probes.escl import EsclProbe
from agent.probes.ipp import IppProbe
from agent.probes.pjlink import PjlinkProbe
from agent.probes.probe import Target
from agent.settings import NetworkSettings
from agent.state import version
from agent.transport import HttpAnswer, HttpClient
from agent.veil import Veil
from fleet.errors import Garbled, ProbeError, Unreachable
from fleet.kit.clock import Clock
from fleet.reading import Reading, Round

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What the device said, by name of the part; `missing`: protocol -> why there is nothing of it."""

    parts: Mapping[str, bytes] = field(default_factory=dict)
    walked: snmp.Walked | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def about(self) -> dict[str, object]:
        """What stands beside the answers."""
        return {"made_by": f"pagewarden {version()}", "missing": dict(self.missing), "notes": list(self.notes)}


class _Tape(HttpClient):
    """An HTTP client that keeps what came."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, HttpAnswer]] = []

    async def get(self, address: str, port: int, path: str, *, tls: bool, limit: int | None = None) -> HttpAnswer:
        answer = await super().get(address, port, path, tls=tls, limit=limit)
        self.heard.append((path, answer))
        return answer

    async def post(
        self, address: str, port: int, path: str, *, tls: bool, body: bytes, content_type: str
    ) -> HttpAnswer:
        answer = await super().post(address, port, path, tls=tls, body=body, content_type=content_type)
        self.heard.append((path, answer))
        return answer


async def record(
    address: str, network: NetworkSettings, clock: Clock, *, private: bool = True, progress: Progress = lambda _: None
) -> Recording:
    """Asks the device over every protocol, one after the other. Unreachable where it answers none."""
    progress("which doors are open")
    aim = target(Spot(address=address), await services_at(address, network), network)
    parts, missing, walked, notes = dict[str, bytes](), dict[str, str](), None, list[str]()
    try:
        walked = await snmp.walk(aim, private=private, progress=progress)
        notes += [f"SNMP: {text}" for text in walked.broken]
    except ProbeError as error:
        missing["SNMP"] = str(error)
    for name, ask in _ASKED.items():
        progress(name)
        try:
            parts |= await ask(aim, clock)
        except ProbeError as error:
            missing[name] = str(error)
    if not parts and walked is None:
        raise Unreachable(f"{address} told nothing. " + ". ".join(f"{name}: {why}" for name, why in missing.items()))
    progress("DNS-SD")
    if announced := await heard_of(address, network, clock):
        parts["mdns.json"] = json.dumps(announced, ensure_ascii=False, indent=1).encode()
    else:
        missing["DNS-SD"] = "nothing was announced within a few seconds"
    return Recording(parts=parts, walked=walked, missing=missing, notes=tuple(notes))


async def _ipp(aim: Target, clock: Clock) -> dict[str, bytes]:
    tape = _Tape()
    probe = IppProbe(tape, clock)
    if not probe.wanted(aim):
        raise Unreachable("no door of IPP is open")
    try:
        await probe.ask(aim, Round.FULL)
    finally:
        await probe.close()
    return {"ipp.ipp": next(answer.body for _, answer in reversed(tape.heard) if _has_attributes(answer.body))}


def _has_attributes(body: bytes) -> bool:
    try:
        message = parse(body)
    except Garbled:
        return False
    return message.succeeded and bool(message.group(GroupTag.PRINTER))


async def _escl(aim: Target, clock: Clock) -> dict[str, bytes]:
    tape = _Tape()
    probe = EsclProbe(tape, clock)
    if not probe.wanted(aim):
        raise Unreachable("no door of eSCL is open")
    try:
        await probe.ask(aim, Round.FULL)
    finally:
        await probe.close()
    names = {"ScannerStatus": "escl-status.xml", "ScannerCapabilities": "escl.xml"}
    heard = ((names[path.rpartition("/")[2]], answer) for path, answer in tape.heard)
    return {name: answer.body for name, answer in heard if answer.status == 200}


async def _pjlink(aim: Target, clock: Clock) -> dict[str, bytes]:
    probe = PjlinkProbe(clock)
    if not probe.wanted(aim):
        raise Unreachable("no door of PJLink is open")
    return {"pjlink.txt": transcript(await probe.ask(aim, Round.FULL))}


def transcript(raw: PjlinkRaw) -> bytes:
    """The answers as the projector sends them, a line each."""
    said = {**raw.replies, **raw.refused}
    return "".join(f"%{2 if name in CLASS_2 else 1}{name}={value}\n" for name, value in said.items()).encode()


_ASKED = {"IPP": _ipp, "eSCL": _escl, "PJLink": _pjlink}


COMMON = ("series printer printers print network projector scanner label laser office color colour mono copier fax",)
"""Words that stand in names of models and tell nobody's name."""


def _models(recording: Recording) -> list[str]:
    """What the device says that it is, over IPP."""
    said = parse(recording.parts["ipp.ipp"]).group(GroupTag.PRINTER) if "ipp.ipp" in recording.parts else {}
    return [value for value in said.get("printer-make-and-model", ()) if isinstance(value, str)]


def veiled(recording: Recording, reading: Reading, address: str) -> dict[str, bytes]:
    """The parts without what tells whose device it is. `reading`: what they say together."""
    who = reading.identity
    veil = Veil(public=(*COMMON, *filter(None, (who.maker, who.model, reading.kind, *_models(recording)))))
    if recording.walked is not None:
        snmp.learn(recording.walked, veil)
    for mac in who.macs:
        veil.hide_mac(mac)
    for word in (who.serial, who.engine_id, *(supply.cartridge_serial for supply in reading.supplies or ())):
        veil.hide_word(word)
    for name in (who.hostname, reading.location, reading.contact):
        veil.hide_name(name)
    if who.uuid:
        veil.hide_uuid(who.uuid)
    veil.hide_word(address)
    hidden = {name: _named(veil, name, data) for name, data in recording.parts.items()}
    rows = {"snmp.snmprec": snmp.lines(recording.walked, veil)} if recording.walked is not None else {}
    return rows | {name: veil.over(data) for name, data in hidden.items()}


def _named(veil: Veil, part: str, data: bytes) -> bytes:
    """The part with the values in which people write hidden where they stand; their words are secret elsewhere too."""
    for text in _written(part, data):
        veil.hide_name(text)
    if part == "ipp.ipp":
        for text in sorted(_written(part, data), key=len, reverse=True):
            value = text.encode("utf-8")
            size = len(value).to_bytes(2, "big")
            # With its length before it, a value is found even where it is short (RFC 8010 section 3.1.4).
            data = data.replace(size + value, size + veil.name(value))
    elif part == "pjlink.txt":
        lines = data.split(b"\n")
        data = b"\n".join(line[:7] + veil.name(line[7:]) if line[2:7] == b"NAME=" else line for line in lines)
    elif part == "mdns.json":
        services = json.loads(data)
        for service in services:
            for place, key in ((service, "instance"), (service, "host"), (service["txt"], "note")):
                place[key] = veil.name(str(place.get(key) or "").encode()).decode("utf-8", "replace")
        data = json.dumps(services, ensure_ascii=False, indent=1).encode()
    return data


def _written(part: str, data: bytes) -> list[str]:
    """The texts that stand where people write."""
    if part == "ipp.ipp":
        attributes = parse(data).group(GroupTag.PRINTER)
        return [text for name in NAMES_IN_IPP for value in attributes.get(name, ()) for text in _texts(value)]
    if part == "pjlink.txt":
        return [line[7:] for line in data.decode("utf-8", "replace").splitlines() if line[2:7] == "NAME="]
    if part == "mdns.json":
        found = [(row["instance"], row["host"], row["txt"].get("note", "")) for row in json.loads(data)]
        return [str(text) for row in found for text in row]
    return []


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Collection):
        for values in value.members.values():
            for one in values:
                yield from _texts(one)


NAMES_IN_IPP = (
    "printer-name", "printer-info", "printer-location", "printer-organization", "printer-organizational-unit",
    "printer-dns-sd-name", "printer-geo-location", "printer-owner-col", "printer-contact-col", "requesting-user-name",
    "printer-serial-number", "printer-static-resource-directory-uri",
)  # fmt: skip
"""Attributes in which people write (RFC 8011 section 5.4, PWG 5100.13)."""
