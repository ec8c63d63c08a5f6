"""Bytes from the network: what is right comes back, what is wrong is Garbled, and nothing else ever happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.snmp import ber
from agent.snmp.ber import Pdu
from fleet.errors import Garbled

names = st.lists(st.integers(0, 0xFFFFFFFF), min_size=1, max_size=30).map(lambda arcs: (1, 3, *arcs))


def answer(name: tuple[int, ...], value: bytes, request_id: int = 7) -> bytes:
    binding = ber.tlv(ber.SEQUENCE, ber.object_name(name) + value)
    pdu = ber.integer(request_id) + ber.integer(0) + ber.integer(0) + ber.tlv(ber.SEQUENCE, binding)
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"public") + ber.tlv(Pdu.RESPONSE, pdu))


@given(names, st.integers(-(2**31), 2**31 - 1))
def test_a_name_and_a_number_come_back(name: tuple[int, ...], number: int) -> None:
    (binding,) = ber.response(answer(name, ber.integer(number))).bindings
    assert (binding.name, binding.value) == (name, number)


@given(names, st.binary(max_size=300))
def test_octets_come_back(name: tuple[int, ...], octets: bytes) -> None:
    (binding,) = ber.response(answer(name, ber.tlv(ber.OCTETS, octets))).bindings
    assert binding.value == octets


@pytest.mark.parametrize("tag", [ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_VIEW, ber.NULL])
def test_what_is_not_there_is_no_number(tag: int) -> None:
    (binding,) = ber.response(answer((1, 3, 6), bytes((tag, 0)))).bindings
    assert binding.value is None
    assert binding.end == (tag == ber.END_OF_VIEW)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_answer_or_garbled(data: bytes) -> None:
    try:
        ber.response(data)
    except Garbled:
        pass
    ber.request_id_of(data)


@given(st.data())
def test_a_damaged_answer_is_an_answer_or_garbled(data: st.DataObject) -> None:
    whole = bytearray(answer((1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 1), ber.integer(40)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        ber.response(bytes(whole[:cut]))
    except Garbled:
        pass


def test_too_many_arcs_are_refused() -> None:
    with pytest.raises(Garbled, match="128 arcs"):
        ber.response(answer((1, 3, *[1] * 200), ber.integer(1)))


def test_a_message_longer_than_64_kib_is_refused() -> None:
    with pytest.raises(Garbled, match="64 KiB"):
        ber.response(b"\x30" + bytes(70_000))
