"""Stand-ins: nothing of the secret is left in any spelling, lengths and kinds stay, and nothing else changes."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.veil import ENCODINGS, Veil

MAC = "00:17:c8:3a:5b:7c"
UUID = "4509a320-00a0-008f-00b6-002507510eca"


@pytest.mark.parametrize(
    "spelling",
    [
        b"\x00\x17\xc8\x3a\x5b\x7c",
        b"00:17:C8:3A:5B:7C",
        b"00-17-c8-3a-5b-7c",
        b"0017C83A5B7C",
        b"KM3A5B7C",
        b"km3a5b7c",
    ],
)
def test_a_network_address_is_hidden_however_it_is_written(spelling: bytes) -> None:
    veil = Veil()
    veil.hide_mac(MAC)
    hidden = veil.over(b"<" + spelling + b">")
    assert len(hidden) == len(spelling) + 2
    assert not re.search(rb"3a[:-]?5b[:-]?7c", hidden, re.IGNORECASE)
    assert b"\x3a\x5b\x7c" not in hidden


def test_the_makers_half_stays() -> None:
    veil = Veil()
    veil.hide_mac(MAC)
    assert veil.over(b"00:17:c8:3a:5b:7c").startswith(b"00:17:c8:")


@pytest.mark.parametrize("spelling", [UUID, UUID.upper(), UUID.replace("-", "")])
def test_a_uuid_is_hidden(spelling: str) -> None:
    veil = Veil()
    veil.hide_uuid(UUID)
    hidden = veil.over(f"urn:uuid:{spelling}".encode()).decode()
    assert re.fullmatch(r"urn:uuid:[0-9a-fA-F-]+", hidden)
    assert spelling not in hidden
    assert len(hidden) == len(spelling) + 9


def test_the_same_secret_has_the_same_stand_in_everywhere_and_another_in_another_recording() -> None:
    one, other = Veil(), Veil()
    for veil in (one, other):
        veil.hide_word("CN58J1N2SX")
    seen = one.over(b"SN:CN58J1N2SX; serial=cn58j1n2sx")
    first, second = re.findall(rb"[A-Za-z]{2}\d\d[A-Za-z]\d[A-Za-z]\d[A-Za-z]{2}", seen)
    assert first.lower() == second.lower()
    assert seen != other.over(b"SN:CN58J1N2SX; serial=cn58j1n2sx")


@given(st.text(min_size=4, max_size=24), st.sampled_from(ENCODINGS), st.binary(max_size=20), st.binary(max_size=20))
def test_a_word_is_hidden_in_every_encoding(word: str, encoding: str, before: bytes, after: bytes) -> None:
    word = word.strip(" \0")
    assume(len(word) >= 4 and any(char.isalnum() for char in word))
    try:
        spelt = word.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    veil = Veil()
    veil.hide_word(word)
    hidden = veil.over(before + spelt + after)
    assert len(hidden) == len(before + spelt + after)


@given(st.from_regex(r"[A-Za-z]{2}[A-Za-z0-9]{6,18}", fullmatch=True), st.sampled_from(ENCODINGS))
def test_nothing_of_a_serial_number_is_left(serial: str, encoding: str) -> None:
    veil = Veil()
    veil.hide_word(serial)
    for text in (serial, serial.upper(), serial.lower()):
        seen = veil.over(b"[" + text.encode(encoding) + b"]")
        assert text.encode(encoding) not in seen
        kinds = [(char.isdigit(), char.isupper()) for char in seen[1:-1].decode(encoding)]
        assert kinds == [(char.isdigit(), char.isupper()) for char in text]


@pytest.mark.parametrize("place", ["Büro 3. Stock", "会议室二楼", "Кабинет 12", "事務室２階", "Accueil"])
def test_places_are_hidden_in_the_devices_own_letters(place: str) -> None:
    veil = Veil()
    veil.hide_word(place)
    for encoding in ("utf-8", "gb18030"):
        seen = veil.over(place.encode(encoding))
        assert seen != place.encode(encoding)
        assert len(seen.decode(encoding)) == len(place)


def test_words_of_maker_and_model_are_no_secret() -> None:
    veil = Veil(public=("HP Color LaserJet Pro M479fdw",))
    veil.hide_name("HP LaserJet Pro M479fdw (Buchhaltung)")
    seen = veil.over(b"HP LaserJet Pro M479fdw (Buchhaltung)")
    assert seen.startswith(b"HP LaserJet Pro M479fdw (")
    assert b"Buchhaltung" not in seen


@pytest.mark.parametrize(
    "text",
    [
        b"FW 1.2.3.4",
        b"V 300.1.2.3",
        b"8.8.8.8",
        b"http://www.hp.com/support",
        b"http://schemas.hp.com/x",
        b"at 12:34:56 on",
    ],
)
def test_versions_and_public_names_stay(text: bytes) -> None:
    assert Veil().over(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (b"gw 192.168.17.4", b"192.168.17.4"),
        (b"10.20.30.40", b"10.20.30.40"),
        (b"ipp://prn-legal.local:631/ipp", b"prn-legal"),
        (b"http://prn7/", b"prn7"),
        (b"ask mei.lin@customer.example", b"mei.lin"),
        (b"ipp://[fe80::217:c8ff:feaa:bbcc]/ipp", b"feaa:bbcc"),
        (b"2001:db8:77::1f", b"2001:db8:77"),
        (b"http://prn1.acme-widgets.example/", b"acme-widgets"),
        (b"http://131.159.24.9:631/", b"131.159.24.9"),
        (b"\\\\fs01\\scans", b"fs01"),
    ],
)
def test_private_addresses_hosts_and_mail_are_hidden_unasked(text: bytes, secret: bytes) -> None:
    seen = Veil().over(text)
    assert secret not in seen
    assert len(seen) == len(text)


def test_a_short_value_is_hidden_where_it_stands() -> None:
    assert len(Veil().whole(b"2F")) == 2
    veil = Veil()
    veil.hide_word("2F")
    assert veil.over(b"2F 2F") == b"2F 2F", "not everywhere: it would hit by accident"


@pytest.mark.parametrize("name", ["财务部", "王伟", "HR 2", "R.7", "2F", "Büro 3", "geo:48.13,11.57", "Zoë"])
def test_a_name_is_hidden_where_it_stands_however_short(name: str) -> None:
    veil = Veil(public=("Acme Laser 1",), key=b"a key that is fixed")
    hidden = veil.name(f"Acme Laser {name}".encode()).decode()
    assert hidden.startswith("Acme Laser ")
    assert name not in hidden
    assert len(hidden.encode()) == len(f"Acme Laser {name}".encode())
