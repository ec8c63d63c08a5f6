"""Life cycles: every state can be reached, ends are ends, and no step outside the table is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product

import pytest

from fleet import alert, order, ticket
from fleet.errors import IllegalMove
from fleet.kit.moves import move

Table = Mapping[StrEnum, frozenset[StrEnum]]
TABLES = [
    pytest.param(alert.MOVES, alert.AlertState.HELD, {"cleared"}, id="alert"),
    pytest.param(order.MOVES, order.OrderState.SUGGESTED, {"closed", "cancelled"}, id="order"),
    pytest.param(ticket.MOVES, ticket.TicketState.REPORTED, {"archived", "cancelled"}, id="ticket"),
]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def reachable(table: Table, start: StrEnum) -> set[StrEnum]:
    found, ahead = {start}, [start]
    while ahead:
        new = table[ahead.pop()] - found
        found |= new
        ahead += new
    return found


@pytest.mark.parametrize(("table", "start", "ends"), TABLES)
def test_every_state_stands_in_the_table_and_can_be_reached(table: Table, start: StrEnum, ends: set[str]) -> None:
    assert set(table) == set(type(start))
    assert reachable(table, start) == set(type(start))


@pytest.mark.parametrize(("table", "start", "ends"), TABLES)
def test_exactly_the_ends_have_no_exit_and_every_state_leads_to_one(
    table: Table, start: StrEnum, ends: set[str]
) -> None:
    assert {state.value for state, exits in table.items() if not exits} == ends
    assert all(reachable(table, state) & {type(start)(end) for end in ends} for state in table)


@pytest.mark.parametrize(("table", "start", "ends"), TABLES)
def test_a_step_is_taken_if_and_only_if_it_stands_in_the_table(table: Table, start: StrEnum, ends: set[str]) -> None:
    for before, after in product(table, table):
        if after in table[before]:
            step = move(table, before, after, at=NOON, actor="somebody", reason="because")
            assert (step.before, step.after, step.at, step.actor) == (before, after, NOON, "somebody")
        else:
            with pytest.raises(IllegalMove, match=f"{before} to {after}; from here: "):
                move(table, before, after, at=NOON, actor="somebody", reason="because")


@pytest.mark.parametrize(("table", "open_"), [(order.MOVES, order.OPEN), (ticket.MOVES, ticket.OPEN)])
def test_an_end_is_not_open(table: Table, open_: frozenset[StrEnum]) -> None:
    assert not any(state in open_ for state, exits in table.items() if not exits)
