"""From eSCL documents to a Reading."""

from __future__ import annotations

from agent.escl import Capabilities, EsclRaw, Status
from agent.normalise.ipp import mac_in, uuid_in
from fleet.fault import Activity, Fault, Health
from fleet.identity import Identity
from fleet.reading import Kind, Reading
from mibs.catalogue import Catalogue
from mibs.match import kind_of, model_in, vendor_in

_ACTIVITY = {
    "Idle": Activity.IDLE,
    "Processing": Activity.OTHER,
    "Testing": Activity.WARMUP,
    "Stopped": Activity.STOPPED,
    "Down": Activity.STOPPED,
}


def normalise(raw: EsclRaw, catalogue: Catalogue) -> Reading:
    """What a scanner says. It gives no levels and no counters, and none are made up."""
    about, status = raw.capabilities, raw.status
    faults = _faults(status, catalogue) if status and not status.busy else None
    values: dict[str, object] = {
        "kind": _kind(about, catalogue) if about else None,
        "health": _health(status, faults),
        "activity": _activity(status),
        "faults": faults,
    }
    values = {name: value for name, value in values.items() if value is not None}
    return Reading(
        key="",
        taken_at=raw.taken_at,
        reachable=True,
        identity=_identity(about, catalogue) if about else Identity(),
        sources=dict.fromkeys(values, "escl"),
        partial=raw.partial,
        **values,  # type: ignore[arg-type]
    )


def _identity(about: Capabilities, catalogue: Catalogue) -> Identity:
    text = " ".join(filter(None, (about.maker, about.make_and_model)))
    vendor = vendor_in(catalogue, text)
    uuid = uuid_in(about.uuid)
    return Identity(
        maker=vendor.name if vendor else about.maker,
        model=model_in(about.make_and_model, vendor) if about.make_and_model else None,
        serial=about.serial,
        uuid=uuid,
        macs=mac_in(uuid),
    )


def _kind(about: Capabilities, catalogue: Catalogue) -> Kind:
    """By the name; else a flatbed of an office machine has a printer below it, a feeder alone is a document scanner."""
    text = about.make_and_model or ""
    told = kind_of(catalogue, text, vendor_in(catalogue, text))
    if told in (Kind.MFP, Kind.SCANNER):
        return told
    return Kind.MFP if about.platen else Kind.SCANNER


def _activity(status: Status | None) -> Activity | None:
    if status is None:
        return None
    return Activity.OTHER if status.busy else _ACTIVITY.get(status.state or "")


def _health(status: Status | None, faults: tuple[Fault, ...] | None) -> Health | None:
    """Stopped and Down are errors; a feeder that complains of an idle scanner is a warning."""
    if status is None or status.busy or status.state is None:
        return None
    if status.state in ("Stopped", "Down"):
        return Health.ERROR
    return Health.WARNING if faults else Health.OK


def _faults(status: Status, catalogue: Catalogue) -> tuple[Fault, ...]:
    """What the feeder complains of; else what the scanner itself does: one that stopped need not say why."""
    known = status.state in catalogue.by_escl
    for word in (status.feeder, status.state if known else None):
        cause = catalogue.cause(catalogue.by_escl.get(word or "", ""))
        if word and not cause.informative:
            return (Fault(cause=cause.key, severity=cause.severity, actor=cause.actor, code=word[:80]),)
    return ()
