"""Roles: who may do what, in one table. Pages and the API name the action they are; nobody asks for a role by name.

A person sees the customers he was given (Scope), and of those what his role is for. What a role does not list it may
not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Action(StrEnum):
    """What a page or an operation of the API is for."""

    SEE_OVERVIEW = "see-overview"
    SEE_DEVICES = "see-devices"
    NAME_DEVICES = "name-devices"
    SETTLE_CONFLICTS = "settle-conflicts"
    SEE_TICKETS = "see-tickets"
    MOVE_TICKETS = "move-tickets"
    SEE_ORDERS = "see-orders"
    MOVE_ORDERS = "move-orders"
    SEE_ALERTS = "see-alerts"
    SEE_MAILS = "see-mails"
    SETTLE_MAILS = "settle-mails"
    SEE_AGENTS = "see-agents"
    SEE_SITES = "see-sites"
    TEACH_DEVICES = "teach-devices"
    KEEP_ACCOUNT = "keep-account"
    """Sign out, change one's own password."""


A = Action
_OWN = frozenset({A.KEEP_ACCOUNT})
_SEE = frozenset(action for action in Action if action.startswith("see-"))

PEOPLE: Mapping[str, frozenset[Action]] = {
    "owner": frozenset(Action),
    "admin": frozenset(Action),
    "dispatcher": frozenset(Action),
    "technician": _OWN | {A.SEE_TICKETS, A.MOVE_TICKETS, A.SEE_DEVICES, A.TEACH_DEVICES},
    "viewer": _OWN | _SEE,
    "vendor": _OWN | {A.SEE_ORDERS},
}
"""owner and admin do it for all customers, the others for those they were given. A vendor sees the orders that are
mailed to the address he signs in with."""

SEE_ALL = frozenset({"owner", "admin"})
ONLY_MAILED_TO = frozenset({"vendor"})

PROGRAMS: Mapping[str, frozenset[Action]] = {
    "read": _SEE,
    "write": _SEE | {A.NAME_DEVICES},
}
"""By the scope of an API token."""

HOMES: Mapping[Action, str] = {A.SEE_OVERVIEW: "/", A.SEE_TICKETS: "/tickets", A.SEE_ORDERS: "/orders"}
"""Where somebody begins: the first of these he may see."""


def may(role: str, action: Action) -> bool:
    """Whether a person of this role may do this. A role that is not in the table may do nothing."""
    return action in PEOPLE.get(role, frozenset())


def home(role: str) -> str:
    return next((path for action, path in HOMES.items() if may(role, action)), "/account")
