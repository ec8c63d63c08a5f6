"""Wrong passwords make answers slower, and nothing is a way round."""

from __future__ import annotations

import pytest

from collector.patience import BOXES, FORGOTTEN_AFTER, LONGEST_WAIT, Crowded, Patience, source_of


def turns(patience: Patience, count: int, account: str = "a@b.example", source: str = "192.0.2.1") -> list[float]:
    """How long each of so many attempts at one moment has to wait, until one is sent away."""
    found = []
    for _ in range(count):
        try:
            found.append(patience.turn(account, source, 0.0))
        except Crowded:
            break
    return found


def test_attempts_at_once_stand_in_line() -> None:
    """However many come together: what is looked at within the longest wait is what one after the other would be."""
    assert turns(Patience(), 1000) == [0, 0, 1, 3, 7]


def test_who_was_sent_away_makes_the_line_no_longer() -> None:
    patience = Patience()
    turns(patience, 1000)
    with pytest.raises(Crowded) as crowded:
        patience.turn("a@b.example", "192.0.2.1", 0.0)
    assert patience.turn("a@b.example", "192.0.2.1", crowded.value.seconds) == 0


def test_who_waits_holds_up_nobody_beside_him() -> None:
    patience = Patience()
    turns(patience, 1000)
    assert turns(patience, 2, account="c@b.example") == [0, 0]


def test_other_places_are_no_way_round() -> None:
    patience = Patience()
    turns(patience, 1000)
    for n in range(50):
        with pytest.raises(Crowded):
            patience.turn("a@b.example", f"198.51.100.{n}", 0.0)


def test_other_accounts_are_no_way_round() -> None:
    """One source on a thousand accounts: in the end one attempt a second."""
    patience, looked_at = Patience(), 0
    for second in range(60):
        for n in range(20):
            try:
                looked_at += patience.turn(f"{second}-{n}@b.example", "192.0.2.1", float(second)) <= LONGEST_WAIT
            except Crowded:
                break
    assert looked_at <= 20 + 60 + LONGEST_WAIT + 1


def test_a_flood_of_names_pushes_nobody_out_and_takes_no_room() -> None:
    patience = Patience()
    for second in range(4):
        patience.turn("a@b.example", "192.0.2.1", float(second * 10))
    for n in range(5 * BOXES):
        try:
            patience.turn(f"{n}@b.example", f"2001:db8:{n:x}::/64", 31.0)
        except Crowded:
            continue
    assert len(patience._boxes) <= 2 * BOXES
    with pytest.raises(Crowded):  # as slow as before, or slower where its box is shared
        assert [patience.turn("a@b.example", "192.0.2.1", 31.0) for _ in range(4)]


def test_the_right_password_begins_anew_for_its_account_alone() -> None:
    patience = Patience()
    for n in range(30):
        patience.turn(f"{n}@b.example", "192.0.2.1", 0.0 if n < 20 else float(n))
    for n in range(3):
        patience.turn("a@b.example", "203.0.113.1", float(n * 10))
    patience.forgive("a@b.example", "192.0.2.1")
    assert patience.turn("a@b.example", "203.0.113.1", 31.0) == 0
    assert patience.turn("a@b.example", "203.0.113.1", 31.0) == 0
    waits = [patience.turn(f"x{n}@b.example", "192.0.2.1", 31.0) for n in range(3)]
    assert waits[1] > 0
    assert waits[2] > waits[1]


def test_quiet_is_forgotten() -> None:
    patience = Patience()
    assert turns(patience, 5)[-1] == 7
    assert patience.turn("a@b.example", "192.0.2.1", 20.0 + FORGOTTEN_AFTER) == 0
    assert patience.turn("a@b.example", "192.0.2.1", 20.0 + FORGOTTEN_AFTER) == 0


@pytest.mark.parametrize(
    ("remote", "forwarded", "source"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.9"], "192.0.2.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["10.0.0.1, 203.0.113.9"], "203.0.113.9"),
        ("::1", ["10.0.0.1", "10.0.0.2, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("2001:db8:1:2::3", [], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], "192.0.2.7"),
        (None, ["203.0.113.9"], "unknown"),
        ("/run/socket", [], "unknown"),
    ],
)
def test_where_a_request_comes_from(remote: str | None, forwarded: list[str], source: str) -> None:
    assert source_of(remote, forwarded) == source
