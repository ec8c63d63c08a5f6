"""Wrong passwords make answers slower, and nothing is a way round."""

from __future__ import annotations

import pytest

from collector.patience import (
    BOXES,
    FORGOTTEN_AFTER,
    LONGEST_WAIT,
    QUIET,
    Crowded,
    Lines,
    Patience,
    known_browser,
    signed_in,
    source_of,
    stranger,
)


def turns(patience: Patience, count: int, account: str = "a@b.example", source: str = "192.0.2.1") -> list[float]:
    """How long each of so many attempts at one moment has to wait, until one is sent away."""
    found = []
    for _ in range(count):
        try:
            found.append(patience.turn(stranger(account, source), 0.0))
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
        patience.turn(stranger("a@b.example", "192.0.2.1"), 0.0)
    assert patience.turn(stranger("a@b.example", "192.0.2.1"), crowded.value.seconds) == 0


def test_who_waits_holds_up_nobody_beside_him() -> None:
    patience = Patience()
    turns(patience, 1000)
    assert turns(patience, 2, account="c@b.example") == [0, 0]


def test_other_accounts_are_no_way_round() -> None:
    """One source on a thousand accounts: in the end one attempt a second."""
    patience, looked_at = Patience(), 0
    for second in range(60):
        for n in range(20):
            try:
                looked_at += (
                    patience.turn(stranger(f"{second}-{n}@b.example", "192.0.2.1"), float(second)) <= LONGEST_WAIT
                )
            except Crowded:
                break
    assert looked_at <= 20 + 60 + LONGEST_WAIT + 1


def test_a_flood_of_names_pushes_nobody_out_and_takes_no_room() -> None:
    patience = Patience()
    for second in range(4):
        patience.turn(stranger("a@b.example", "192.0.2.1"), float(second * 10))
    for n in range(5 * BOXES):
        try:
            patience.turn(stranger(f"{n}@b.example", f"2001:db8:{n:x}::/64"), 31.0)
        except Crowded:
            continue
    assert len(patience._boxes) <= 3 * BOXES
    with pytest.raises(Crowded):  # as slow as before, or slower where its box is shared
        assert [patience.turn(stranger("a@b.example", "192.0.2.1"), 31.0) for _ in range(4)]


def test_the_right_password_begins_anew_for_its_own_line_alone() -> None:
    patience = Patience()
    for n in range(30):
        patience.turn(stranger(f"{n}@b.example", "192.0.2.1"), 0.0 if n < 20 else float(n))
    for n in range(3):
        patience.turn(stranger("a@b.example", "203.0.113.1"), float(n * 10))
    patience.forgive(stranger("a@b.example", "203.0.113.1"))
    assert patience.turn(stranger("a@b.example", "203.0.113.1"), 31.0) == 0
    assert patience.turn(stranger("a@b.example", "203.0.113.1"), 31.0) == 0
    waits = [patience.turn(stranger(f"x{n}@b.example", "192.0.2.1"), 31.0) for n in range(3)]
    assert waits[1] > 0
    assert waits[2] > waits[1]


def test_a_sign_in_by_its_owner_gives_a_guesser_no_new_attempts() -> None:
    """From many sources on one account: the line of all is no shorter for a right password in between."""
    patience = Patience()
    for n in range(26):
        patience.turn(stranger("a@b.example", f"198.51.100.{n}"), 0.0)
    owner = stranger("a@b.example", "203.0.113.1")
    before = patience.turn(owner, 0.0)
    patience.forgive(owner)
    assert patience.turn(stranger("a@b.example", "198.51.100.200"), 0.0) >= before > 0


def looked_at(patience: Patience, lines: Lines, now: float) -> bool:
    try:
        patience.turn(lines, now)
    except Crowded:
        return False
    return True


@pytest.mark.parametrize("sources", [1, 40, 400])
def test_guessing_stays_slow(sources: int) -> None:
    """Within ten minutes: the free ones, one a second, and two at first and one a minute for each source."""
    patience, minutes, found = Patience(), 10, 0
    for second in range(minutes * 60):
        for n in range(sources):
            found += looked_at(patience, stranger("a@b.example", f"10.0.{n // 250}.{n % 250}"), float(second))
    own_line_alone = sources * (5 + minutes * 60 / LONGEST_WAIT)
    all_lines = 20 + 60 * minutes + 2 * LONGEST_WAIT + sources * (2 + minutes * 60 / QUIET)
    assert 0 < found <= min(own_line_alone, all_lines)


@pytest.mark.parametrize("sources", [1, 40, 400])
def test_who_is_not_guessing_gets_in_while_others_hammer(sources: int) -> None:
    """A first right password is looked at within the longest wait, every minute of it, from a place never seen."""
    patience, waits = Patience(), []
    for second in range(600):
        for n in range(sources):
            looked_at(patience, stranger("a@b.example", f"10.0.{n // 250}.{n % 250}"), float(second))
        if second % 4 == 3:
            owner = stranger("a@b.example", "203.0.113.1")
            waits.append(patience.turn(owner, float(second)))
            patience.forgive(owner)
    assert len(waits) == 150
    assert max(waits) <= LONGEST_WAIT


def test_who_mistyped_twice_gets_in_after_a_quiet_minute() -> None:
    """Refused meanwhile, he is told when, and by then he is looked at though the others never stopped."""
    patience, owner = Patience(), stranger("a@b.example", "203.0.113.1")
    until = None
    for second in range(200):
        for n in range(400):
            looked_at(patience, stranger("a@b.example", f"10.0.{n // 250}.{n % 250}"), float(second))
        if second in (20, 40):
            patience.turn(owner, float(second))
        elif second == 45:
            with pytest.raises(Crowded) as crowded:
                patience.turn(owner, float(second))
            until = second + crowded.value.seconds
            assert crowded.value.seconds <= QUIET
        elif until is not None and second >= until:
            assert patience.turn(owner, float(second)) <= LONGEST_WAIT
            return
    pytest.fail("never looked at")


@pytest.mark.parametrize("own", [known_browser("a@b.example", "mark"), signed_in("session")])
def test_known_people_have_a_line_of_their_own_and_it_is_strict(own: Lines) -> None:
    patience = Patience()
    for n in range(1000):
        looked_at(patience, stranger("a@b.example", f"10.0.{n // 250}.{n % 250}"), 0.0)
        looked_at(patience, stranger("a@b.example", "203.0.113.1"), 0.0)
    waits: list[float] = []
    with pytest.raises(Crowded):
        waits.extend(patience.turn(own, 0.0) for _ in range(6))
    assert patience.turn(own, 15.0) == 0
    fresh = Patience()
    assert [fresh.turn(own, 0.0) for _ in range(5)] == [0, 0, 1, 3, 7]
    with pytest.raises(Crowded):
        fresh.turn(own, 0.0)


def test_quiet_is_forgotten() -> None:
    patience = Patience()
    assert turns(patience, 5)[-1] == 7
    assert patience.turn(stranger("a@b.example", "192.0.2.1"), 20.0 + FORGOTTEN_AFTER) == 0
    assert patience.turn(stranger("a@b.example", "192.0.2.1"), 20.0 + FORGOTTEN_AFTER) == 0


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
