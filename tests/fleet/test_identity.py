"""Which sightings are one device. A wrong merge mixes two devices' counters, so it weighs more than a wrong split."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from fleet.identity import (
    Identity,
    best_match,
    compare,
    evidence,
    serial_key,
    valid_engine_id,
    valid_mac,
    valid_serial,
    valid_uuid,
)
from tests.fleet.words import identities

ONE = Identity(
    maker="kyocera",
    model="ECOSYS M3645dn",
    serial="R4P1234567",
    uuid="4509a320-00a0-008f-00b6-002507519c1e",
    macs=("00:17:c8:aa:00:01",),
    engine_id="80001370030017c8aa0001",
    hostname="km-one",
    address="10.0.0.5",
)
TWO = Identity(
    maker="kyocera",
    model="ECOSYS M3645dn",
    serial="R4P7654321",
    uuid="4509a320-00a0-008f-00b6-002507519fff",
    macs=("00:17:c8:aa:00:02",),
    engine_id="80001370030017c8aa0002",
    hostname="km-two",
    address="10.0.0.6",
)


def without(identity: Identity, *names: str) -> Identity:
    return replace(identity, **{name: () if name == "macs" else None for name in names})


def test_a_device_is_itself_and_nobody_else() -> None:
    assert compare(ONE, ONE).same
    assert not compare(ONE, TWO).same


@given(identities, identities)
def test_comparing_is_the_same_both_ways_and_never_fails(one: Identity, other: Identity) -> None:
    assert compare(one, other).score == compare(other, one).score


def test_same_serial_at_a_new_address_under_a_new_name_is_the_same_device() -> None:
    assert compare(replace(ONE, address="10.9.9.9", hostname="other"), ONE).same


def test_a_new_network_board_is_the_same_device_and_the_doubts_are_named() -> None:
    board = replace(TWO, serial=ONE.serial)
    match = compare(board, ONE)
    assert match.same
    assert [doubt.partition(":")[0] for doubt in match.doubts] == ["other uuid", "other mac", "other engine-id"]


@pytest.mark.parametrize(
    "missing",
    [
        (),
        ("serial",),
        ("serial", "uuid"),
        ("serial", "uuid", "engine_id"),
        ("serial", "macs"),
        ("serial", "uuid", "macs"),
    ],
    ids=lambda missing: "without " + " ".join(missing) if missing else "whole",
)
def test_two_devices_that_swapped_their_addresses_stay_who_they_are(missing: tuple[str, ...]) -> None:
    one, two = without(ONE, *missing), without(TWO, *missing)
    known = [("one", one), ("two", two)]
    found_one = best_match(replace(one, address=two.address), known)
    found_two = best_match(replace(two, address=one.address), known)
    assert found_one is not None
    assert found_two is not None
    assert (found_one[0], found_two[0]) == ("one", "two")


def test_swapped_addresses_with_nothing_but_names_join_nobody() -> None:
    one, two = (without(device, "serial", "uuid", "macs", "engine_id") for device in (ONE, TWO))
    assert best_match(replace(one, address=two.address), [("one", one), ("two", two)]) is None


def test_only_the_name_of_the_host_joins_nobody() -> None:
    weak = ("serial", "uuid", "macs", "engine_id")
    one, two = (replace(without(device, *weak), hostname="printer") for device in (ONE, TWO))
    assert not compare(one, two).same


@pytest.mark.parametrize("missing", [(), ("serial",), ("serial", "engine_id")])
def test_two_devices_behind_one_host_stay_two(missing: tuple[str, ...]) -> None:
    """Several printers of one print server: one name, one address, one network card, one model."""
    host = {"hostname": "printserver", "address": "10.0.0.2", "macs": ("00:17:c8:aa:00:0f",)}
    one, two = (replace(without(device, *missing), **host) for device in (ONE, TWO))
    assert not compare(one, two).same
    same_engine = replace(two, engine_id=one.engine_id)
    assert not compare(one, same_engine).same


@pytest.mark.parametrize("serial", [None, "", "0", "00000000", "XXXXXXXXXX", "N/A", "123456789", "Not Available"])
def test_blank_serials_join_nobody_and_part_nobody(serial: str | None) -> None:
    one, two = replace(ONE, serial=serial), replace(TWO, serial=serial)
    assert not compare(one, two).same
    assert compare(one, ONE).same


def test_one_serial_of_two_makers_is_two_devices() -> None:
    assert not compare(ONE, replace(TWO, serial=ONE.serial, maker="ricoh")).same


def test_a_maker_that_was_not_said_does_not_part() -> None:
    assert compare(Identity(serial=ONE.serial), ONE).same
    assert compare(replace(ONE, maker="Kyocera Document Solutions"), ONE).same


def test_a_serial_shortened_by_one_protocol_is_the_same() -> None:
    """HP OfficeJet: prtGeneralSerialNumber has 10 characters, the IEEE 1284 device id the same and 4 more."""
    short, long = Identity(maker="hp", serial="CN23R471D6"), Identity(maker="hp", serial="CN23R471D605QB")
    assert compare(short, long).same
    assert not compare(replace(short, serial="CN23R471D7"), long).same


def test_another_serial_outweighs_all_but_uuid_and_mac_together() -> None:
    other = Identity(maker="kyocera", model=ONE.model, serial=TWO.serial)
    assert not compare(replace(other, address=ONE.address, hostname=ONE.hostname), ONE).same
    assert not compare(replace(other, macs=ONE.macs, engine_id=ONE.engine_id, address=ONE.address), ONE).same
    assert not compare(replace(other, uuid=ONE.uuid, address=ONE.address, hostname=ONE.hostname), ONE).same
    assert compare(replace(other, uuid=ONE.uuid, macs=ONE.macs), ONE).same


def test_a_mac_address_of_zeros_or_of_an_internal_bridge_joins_nobody() -> None:
    for mac in ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "02:00:00:00:01:00", "01:00:5e:00:00:01"):
        bare = {"serial": None, "uuid": None, "engine_id": None, "macs": (mac,)}
        assert not compare(replace(ONE, **bare), replace(TWO, **bare)).same


def test_mac_addresses_in_another_spelling_are_the_same() -> None:
    assert compare(Identity(macs=("00-17-C8-AA-00-01",)), Identity(macs=("00:17:c8:aa:00:01",))).same


def test_a_cloned_engine_id_does_not_join_devices_with_cards_of_their_own() -> None:
    one, two = (replace(without(device, "serial", "uuid"), engine_id=ONE.engine_id) for device in (ONE, TWO))
    assert not compare(one, two).same


def test_an_engine_id_made_of_the_address_is_no_evidence() -> None:
    assert not valid_engine_id("8000000001" + "0a000005")
    assert valid_engine_id("80001f8803" + "0017c8aa0001")


def test_one_address_and_model_without_any_evidence_is_the_device_that_was_there() -> None:
    bare = Identity(model=ONE.model, address=ONE.address)
    assert compare(bare, bare).same
    assert compare(replace(bare, model="Kyocera ECOSYS M3645dn", maker="Kyocera"), bare).same
    assert not compare(replace(bare, model="LaserJet 4"), bare).same
    assert not compare(replace(bare, address="10.0.0.77"), bare).same


def test_one_name_short_and_whole_is_one_name() -> None:
    bare = Identity(model=ONE.model, address=ONE.address, hostname="km-one")
    assert compare(replace(bare, hostname="KM-One.office.example."), bare).same


def test_a_blank_or_copied_uuid_is_none() -> None:
    assert not valid_uuid("00000000-0000-0000-0000-000000000000")
    assert not valid_uuid("12345678-1234-1234-1234-123456789abc")
    assert not valid_uuid("not a uuid")
    assert evidence(Identity(uuid="urn:uuid:4509A320-00A0-008F-00B6-002507519C1E")) == (
        ("uuid", "4509a320-00a0-008f-00b6-002507519c1e"),
    )


def test_the_best_of_several_is_taken() -> None:
    known = [("two", TWO), ("one", ONE), ("bare", Identity(model=ONE.model, address=ONE.address))]
    found = best_match(ONE, known)
    assert found is not None
    assert found[0] == "one"
    assert best_match(Identity(serial="NEVERSEEN1"), known) is None


@given(identities)
def test_evidence_is_only_what_the_checks_let_through(identity: Identity) -> None:
    pieces = evidence(identity)
    kinds = [kind for kind, _ in pieces]
    assert (serial_key(identity) is not None) == ("serial" in kinds) == valid_serial(identity.serial, identity.model)
    assert all(valid_mac(value) for kind, value in pieces if kind == "mac")
    assert all(value for _, value in pieces)


def test_the_model_is_no_serial() -> None:
    assert not valid_serial("HL-L5100DN", "hl-l5100dn")
    assert valid_serial("E71833C4J372261", "HL-L5100DN")
