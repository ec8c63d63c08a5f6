"""The reader of IPP messages: every type of value, and every way of being broken."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.ipp import codec
from agent.ipp.codec import parse
from agent.ipp.message import Collection, GroupTag, OutOfBand, Range, Resolution
from fleet.errors import Garbled
from fleet.kit.text import clean
from tests.agent.ipp.answers import collection, integer, keyword, message, one_printer, operation, printer, row, text
from tests.shared_data import shared

ENDLESS = base64.b64decode("AAD3Bf/////////8pAo=")
"""A body that keeps another reader busy for ever."""


def only(tag: int, value: bytes) -> object:
    """The value that one attribute of this type and these bytes is read as; None where it is left out."""
    values = parse(message(operation(), printer((tag, "a", value)))).group(GroupTag.PRINTER)["a"]
    return values[0] if values else None


@pytest.mark.parametrize(
    ("tag", "data", "value"),
    [
        (0x21, b"\xff\xff\xff\xfe", -2),
        (0x23, b"\0\0\0\5", 5),
        (0x21, b"\0\7", 7),
        (0x21, b"\0\0\0\0\1", None),
        (0x21, b"", None),
        (0x22, b"\1", True),
        (0x22, b"\0\1", None),
        (0x30, b"\0\xff", b"\0\xff"),
        (0x31, b"\x07\xe8\x02\x1d\x0c\x00\x00\x05+\x02\x1e", datetime(2024, 2, 29, 9, 30, 0, 500_000, tzinfo=UTC)),
        (0x31, b"\x07\xe8\x02\x1d\x0c\x00\x00\x00", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        (0x31, b"\0\0\0\0\0\0\0\0\0\0\0", None),
        (0x31, b"\x27\x0f\x0c\x1f\x17\x3b\x3b\x09-\x0c\x00", None),
        (0x32, struct.pack(">iib", 600, 300, 3), Resolution(across=600, down=300, per="inch")),
        (0x32, b"\0", None),
        (0x33, struct.pack(">ii", 1, 9), Range(low=1, high=9)),
        (0x33, b"\0" * 7, None),
        (0x35, b"\0\2de\0\5Hallo", "Hallo"),
        (0x36, b"\0\2de\0\x09Hallo", None),
        (0x36, b"", None),
        (0x42, "Büro".encode(), "Büro"),
        (0x41, b"\xff\xfe", "\ufffd\ufffd"),
        (0x10, b"", OutOfBand.UNSUPPORTED),
        (0x12, b"", OutOfBand.UNKNOWN),
        (0x13, b"", OutOfBand.NO_VALUE),
        (0x1F, b"x", OutOfBand.OTHER),
        (0x7F, b"\1\2", b"\1\2"),
    ],
)  # fmt: skip
def test_every_type_of_value_is_read(tag: int, data: bytes, value: object) -> None:
    assert only(tag, data) == value
    assert type(only(tag, data)) is type(value)


def test_a_value_that_makes_no_sense_is_named_and_the_next_is_read() -> None:
    read = parse(message(operation(), printer((0x21, "a", b"12345"), (0x22, "b", b"\1"))))
    assert read.group(GroupTag.PRINTER) == {"a": (), "b": (True,)}
    assert read.partial == ("a: a value of type 0x21 in 5 bytes makes no sense",)


def test_several_values_belong_to_the_attribute_before_them() -> None:
    read = parse(message(operation(), printer(*keyword("a", "x", "y"), *integer("b", 1))))
    assert read.group(GroupTag.PRINTER) == {"a": ("x", "y"), "b": (1,)}


def test_a_name_that_comes_twice_counts_once() -> None:
    read = parse(message(operation(), printer(*integer("a", 1), *integer("a", 2), *integer("", 3))))
    assert read.group(GroupTag.PRINTER) == {"a": (1,)}
    assert "a comes twice; the first counts" in read.partial


def test_collections_and_collections_within() -> None:
    inner = [(0x34, "", b""), (0x4A, "", b"x"), (0x21, "", b"\0\0\0\1"), (0x21, "", b"\0\0\0\2"), (0x37, "", b"")]
    rows = [(0x34, "a", b""), (0x4A, "", b"in"), *inner, (0x4A, "", b"k"), (0x44, "", b"v"), (0x37, "", b"")]
    read = parse(message(operation(), printer(*rows, *integer("b", 7))))
    assert read.group(GroupTag.PRINTER) == {
        "a": (Collection(members={"in": (Collection(members={"x": (1, 2)}),), "k": ("v",)}),),
        "b": (7,),
    }


def test_groups_of_subscriptions_events_and_systems_are_read() -> None:
    groups = [(tag, integer("a", tag)) for tag in (0x06, 0x07, 0x0A, 0x0F)]
    read = parse(message(operation(), *groups))
    assert [(group.tag, dict(group.attributes)) for group in read.groups[1:]] == [
        (tag, {"a": (tag,)}) for tag in (0x06, 0x07, 0x0A, 0x0F)
    ]


def test_a_message_that_is_cut_off_anywhere_gives_what_came_before() -> None:
    whole = one_printer(more=collection("c", monochrome=3))
    full = parse(whole).group(GroupTag.PRINTER)
    assert full["c"] == (Collection(members={"monochrome": (3,)}),)
    for size in range(8, len(whole)):
        read = parse(whole[:size])
        assert read.partial, size
        assert all(full[name] == values or not values for name, values in read.group(GroupTag.PRINTER).items()), size


@pytest.mark.parametrize("body", [b"", b"\2\0\0", ENDLESS, b"<html><body>hello</body></html>", b"HTTP/1.1 200 OK"])
def test_what_is_no_ipp_is_garbled(body: bytes) -> None:
    with pytest.raises(Garbled, match="not an IPP answer"):
        parse(body)


def test_negative_lengths_end_the_reading() -> None:
    read = parse(b"\2\0" + ENDLESS[2:])
    assert read.groups == ()
    assert read.partial
    negative = message(operation(), printer())[:-1] + b"\x21\xff\xff"
    assert parse(negative).partial == (f"a negative length at byte {len(negative) - 2}; the rest is not read",)


def test_size_and_number_and_depth_are_bounded() -> None:
    with pytest.raises(Garbled, match="at most 4,194,304"):
        parse(b"\2\0" + bytes(codec.LARGEST))
    head = message(operation(), printer())[:-1]
    many = parse(head + row(0x21, "a", b"\0\0\0\1") + row(0x21, "", b"\0\0\0\1") * (codec.MOST_VALUES + 5))
    assert len(many.group(GroupTag.PRINTER)["a"]) == codec.MOST_VALUES - 2  # two values stand in the first group
    assert "more than 50,000 values; the rest is not read" in many.partial
    deep = parse(head + row(0x34, "a", b"") + (row(0x4A, "", b"m") + row(0x34, "", b"")) * 10_000)
    assert f"collections nested deeper than {codec.DEEPEST}; the rest is not read" in deep.partial
    assert "more than 1000 groups; the rest is not read" in parse(head + b"\4" * 5_000).partial


def test_attributes_without_a_group_and_values_without_an_attribute() -> None:
    assert parse(b"\2\0\0\0\0\0\0\1" + row(0x21, "a", b"\0\0\0\1")).groups == ()
    read = parse(message(operation(), printer(*integer("", 1), *integer("b", 2))))
    assert read.group(GroupTag.PRINTER) == {"b": (2,)}
    assert read.partial == ("a value without an attribute",)


def test_the_words_of_a_refusal_can_be_read() -> None:
    read = parse(message(operation("go away"), code=0x0403))
    assert not read.succeeded
    assert list(read.texts()) == ["go away"]


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=400))
@example(ENDLESS)
def test_no_bytes_can_hurt(body: bytes) -> None:
    for candidate in (body, b"\2\0\0\0\0\0\0\1" + body, b"\2\0\0\0\0\0\0\1\4" + body):
        try:
            read = parse(candidate)
        except Garbled:
            continue
        assert len(read.partial) <= codec.MOST_NOTES


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_real_answer_can_hurt(data: st.DataObject) -> None:
    files = sorted(shared("corpus", "ipp").glob("*.ipp"))
    body = bytearray(data.draw(st.sampled_from(files)).read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = parse(bytes(body))
    except Garbled:
        return
    assert read.group(GroupTag.PRINTER) is not None


def test_real_answers_are_read_whole() -> None:
    files = sorted(shared("corpus", "ipp").glob("*.ipp"))
    assert len(files) > 20
    for path in files:
        read = parse(path.read_bytes())
        assert read.succeeded
        assert read.partial == (), path.name
        assert len(read.group(GroupTag.PRINTER)) > 60, path.name


def test_texts_stay_as_they_are_on_the_wire() -> None:
    assert parse(one_printer(more=text("printer-info", " a\tb "))).group(GroupTag.PRINTER)["printer-info"] == (
        " a\tb ",
    )


def test_what_it_says_of_a_broken_answer_is_clean() -> None:
    name = "\x1b[2J\u202emarker-levels"
    read = parse(message(operation(), printer(five_octets(name), five_octets(name))))
    assert read.partial
    assert [note for note in read.partial if note != clean(note)] == []


def five_octets(name: str) -> tuple[int, str, bytes]:
    return 0x21, name, b"12345"
