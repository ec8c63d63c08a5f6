"""eSCL documents to readings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.escl import Capabilities, EsclRaw, Status
from agent.normalise.escl import normalise
from fleet.fault import Activity, Health
from fleet.reading import Kind, Reading
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def reading(about: Capabilities | None = None, status: Status | None = None) -> Reading:
    return normalise(EsclRaw(taken_at=NOW, capabilities=about, status=status), load())


@pytest.mark.parametrize(
    ("status", "activity", "health"),
    [
        (Status(state="Idle"), Activity.IDLE, Health.OK),
        (Status(state="Processing", feeder="ScannerAdfProcessing"), Activity.OTHER, Health.OK),
        (Status(state="Stopped"), Activity.STOPPED, Health.ERROR),
        (Status(state="Down"), Activity.STOPPED, Health.ERROR),
        (Status(state="Idle", feeder="ScannerAdfJam"), Activity.IDLE, Health.WARNING),
        (Status(busy=True), Activity.OTHER, None),
        (Status(), None, None),
        (Status(state="Dreaming"), None, Health.OK),
        (None, None, None),
    ],
)
def test_states(status: Status | None, activity: Activity | None, health: Health | None) -> None:
    found = reading(status=status)
    assert (found.activity, found.health) == (activity, health)


def test_a_feeder_that_jams_is_a_fault_with_its_cause() -> None:
    (fault,) = reading(status=Status(state="Idle", feeder="ScannerAdfJam")).faults or ()
    assert (fault.cause, fault.code) == ("adf-jam", "ScannerAdfJam")
    (door,) = reading(status=Status(state="Idle", feeder="ScannerAdfHatchOpen")).faults or ()
    assert door.cause == "door-open"
    assert reading(status=Status(state="Idle", feeder="ScannerAdfEmpty")).faults == ()
    (long,) = reading(status=Status(state="Idle", feeder="ScannerAdfDuplexPageTooLong")).faults or ()
    assert long.cause == "adf-page-length"
    (strange,) = reading(status=Status(state="Idle", feeder="ScannerAdfZorgle")).faults or ()
    assert (strange.cause, strange.code) == ("unrecognised", "ScannerAdfZorgle")
    assert reading(status=Status(busy=True)).faults is None, "a busy scanner did not say that nothing is wrong"


def test_a_scanner_that_stopped_complains_even_without_a_feeder() -> None:
    (stopped,) = reading(status=Status(state="Stopped", feeder="ScannerAdfEmpty")).faults or ()
    assert (stopped.cause, stopped.code) == ("other-error", "Stopped")
    (jam,) = reading(status=Status(state="Stopped", feeder="ScannerAdfJam")).faults or ()
    assert jam.cause == "adf-jam", "the feeder says why"


def test_no_levels_no_counters_no_conditions() -> None:
    found = reading(Capabilities(make_and_model="HP LaserJet MFP M426fdn"), Status(state="Idle"))
    assert (found.supplies, found.trays, found.counters, found.conditions) == (None,) * 4


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        (Capabilities(make_and_model="HP LaserJet MFP M426fdn", platen=True), Kind.MFP),
        (Capabilities(make_and_model="HP ScanJet Pro 4500 fn1", platen=True, feeder=True), Kind.SCANNER),
        (Capabilities(make_and_model="Nobody X1", feeder=True), Kind.SCANNER),
    ],
)
def test_kinds(about: Capabilities, kind: Kind) -> None:
    assert reading(about).kind is kind


def test_who_it_is() -> None:
    about = Capabilities(
        make_and_model="Kyocera ECOSYS M2040dn", serial="VCF9192281", uuid="4509A320-00A0-008F-00B6-002507510ECA"
    )
    found = reading(about).identity
    assert (found.maker, found.model, found.serial) == ("Kyocera", "ECOSYS M2040dn", "VCF9192281")
    assert found.uuid == "4509a320-00a0-008f-00b6-002507510eca"
