"""Evaluate: states to alerts, and alerts to orders, tickets and mails, in the transaction of the caller.

state ──> alerts.rules ──> observations ──> alerts.episodes ──> alert rows
                                                 ├── raised supply-low ──> order and its mail
                                                 ├── raised fault      ──> ticket, alert mail
                                                 └── cleared fault     ──> note on the ticket
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from alerts.episodes import Episode, Happened, Patience, stepped
from alerts.rules import fault, silent, supply_low
from alerts.rules.judgement import Judgement
from alerts.standing import standing
from collector.desk import intake, notice
from collector.settings import CollectorSettings
from collector.store import alerts as alert_store
from collector.store.agents import AgentRow, agents_in_service, agents_to_settle, is_in_service
from collector.store.agents import agent as agent_row
from collector.store.alerts import AlertRow, Owner
from collector.store.db import Facts
from collector.store.devices import DeviceRow, device, devices_out_of_step, set_standing
from collector.store.scope import Scope
from collector.store.sites import lock_sites
from collector.store.supplies import supplies_of
from collector.supply.reorder import reorder
from collector.supply.slots import said_of, slots_of
from fleet.alert import AlertState, Observation
from fleet.device import DeviceState
from fleet.fault import Fault, Severity
from mibs.catalogue import Catalogue

log = logging.getLogger(__name__)
INTERNAL = Scope.everything()
AT_ONCE = 10
"""Devices or agents judged in one transaction: others who write wait for no more than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What judging needs beside the facts. `started_at`: nobody is called silent for the time this collector slept."""

    settings: CollectorSettings
    catalogue: Catalogue
    started_at: datetime

    def minutes(self, minutes: float) -> timedelta:
        return timedelta(minutes=minutes * self.settings.rules.hold_factor)

    @property
    def silent_after(self) -> timedelta:
        return timedelta(minutes=self.settings.rules.silent_minutes)

    @property
    def longest_sleep(self) -> timedelta:
        return timedelta(days=self.settings.rules.asleep_days)

    @property
    def limits(self) -> supply_low.Limits:
        rules = self.settings.rules
        return supply_low.Limits(percent=rules.order_at_percent, by_type=rules.order_at)

    def patience(self, seen: Observation | AlertRow) -> Patience:
        """How long this condition must last, be gone, and rest."""
        rules = self.settings.rules
        settle, quiet = self.minutes(rules.settle_minutes), self.minutes(rules.quiet_minutes)
        if seen.rule == silent.AGENT:
            return Patience(hold=timedelta(0), settle=timedelta(0), quiet=timedelta(0))
        if seen.rule == silent.DEVICE:
            return Patience(hold=self.silent_after, settle=timedelta(0), quiet=quiet)
        if seen.rule == supply_low.NAME:
            return Patience(hold=self.minutes(rules.supply_hold_minutes), settle=settle, quiet=quiet)
        hold = self.minutes(self.catalogue.cause(seen.cause).hold_minutes)
        return Patience(hold=hold, settle=settle, quiet=quiet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A step of an episode that somebody may have to hear of. `key` names the episode for ever."""

    happened: Happened
    alert_id: str
    key: str
    rule: str
    cause: str
    seen: Observation | None


def evaluate_device(conn: Connection, bench: Bench, row: DeviceRow, now: datetime) -> None:
    """Judges one device as it is known now, and does what follows from it."""
    _whole_or_not(conn, row.id, lambda: _evaluate_device(conn, bench, row, now))


def _whole_or_not(conn: Connection, ident: str, judge: Callable[[], None]) -> None:
    """All of a judgement or nothing: what cannot be judged is told to the log, and holds up neither the readings nor
    the others."""
    try:
        with conn.begin_nested():
            judge()
    except (DataError, IntegrityError):
        log.exception("the database does not take what was judged; it is tried again", extra={"of": ident})
    except SQLAlchemyError:
        raise  # the store's trouble is the caller's: it tries the whole again
    except Exception:
        log.exception("not judged; it is tried again", extra={"of": ident})


def _evaluate_device(conn: Connection, bench: Bench, row: DeviceRow, now: datetime) -> None:
    state = row.state
    agent_silent = _agent_silent(conn, row)
    judgements = _judged(bench, state, now, agent_silent)
    turns = _advanced(conn, bench, Owner(tenant_id=row.tenant_id, device_id=row.id), judgements, now)
    for turn in turns:
        _act(conn, bench, row, state, turn, now)
    quiet = agent_silent or any(a.rule == silent.DEVICE for a in alert_store.raised_alerts(conn, INTERNAL, row.id))
    known = standing(state, silent=quiet)
    if known != row.standing:
        set_standing(conn, INTERNAL, row.id, known)


def _judged(bench: Bench, state: DeviceState, now: datetime, agent_silent: bool) -> list[Judgement]:
    silence = silent.judge_device(state, now, bench.longest_sleep, agent_silent=agent_silent)
    stale = state.asked_at is None or now - state.asked_at > max(bench.silent_after, timedelta(minutes=5))
    if not state.reachable or stale:
        # What is known is old: neither there nor gone. Episodes wait.
        return [silence, Judgement(rule=supply_low.NAME, blind=True), Judgement(rule=fault.NAME, blind=True)]
    if state.supplies is None:
        supplies = Judgement(rule=supply_low.NAME, blind=True)
    else:
        supplies = supply_low.judge(slots_of(state.supplies), said_of(state), bench.limits)
    return [silence, supplies, fault.judge(_told(bench, state), supply_low.spoken_for(supplies, state.supplies))]


def _told(bench: Bench, state: DeviceState) -> list[Fault] | None:
    """The complaints that a person has to hear of; the catalogue knows rows that mean nothing is wrong."""
    if state.faults is None:
        return None
    return [told for told in state.faults if not bench.catalogue.cause(told.cause).informative]


def _agent_silent(conn: Connection, row: DeviceRow) -> bool:
    """Whether the agent that asks the device is silent, or asks no more."""
    if row.agent_id is None:
        return False
    return not is_in_service(conn, row.agent_id) or any(
        alert.rule == silent.AGENT and alert.state is AlertState.RAISED
        for alert in alert_store.latest_episodes(conn, INTERNAL, Owner(tenant_id=row.tenant_id, agent_id=row.agent_id))
    )


def _advanced(
    conn: Connection, bench: Bench, owner: Owner, judgements: Iterable[Judgement], now: datetime
) -> list[Turn]:
    """Steps every episode of a device or an agent, writes them down, and tells what turned."""
    latest = {row.fingerprint: row for row in alert_store.latest_episodes(conn, INTERNAL, owner)}
    quiet = alert_store.quiet_since(conn, owner)
    turns: list[Turn] = []
    for judgement in judgements:
        for subject, seen in _subjects(judgement, latest.values()):
            fingerprint = f"{owner.ident}/{judgement.rule}/{subject}"[:300]
            row = latest.get(fingerprint)
            about = seen or row
            before = _episode(row, quiet.get(fingerprint))
            if about is None:
                continue
            after, happened = stepped(before, judgement.holds(subject), now, bench.patience(about))
            if after is not None and after != before:
                ident = _write(conn, owner, row, seen, after, fingerprint)
                turns.append(
                    Turn(
                        happened=happened,
                        alert_id=ident,
                        key=f"{fingerprint}/{after.number}"[:200],
                        rule=judgement.rule,
                        cause=about.cause,
                        seen=seen,
                    )
                )
    return turns


def _subjects(judgement: Judgement, rows: Iterable[AlertRow]) -> list[tuple[str, Observation | None]]:
    """Everything the rule has to say something about: what is seen, and what was seen before and is not over."""
    found: dict[str, Observation | None] = {
        row.subject: None for row in rows if row.rule == judgement.rule and row.state is not AlertState.CLEARED
    }
    found |= {observation.subject: observation for observation in judgement.seen}
    return sorted(found.items())


def _episode(row: AlertRow | None, quiet_from: datetime | None) -> Episode | None:
    if row is None:
        return None
    return Episode(
        number=row.episode,
        state=row.state,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
        quiet_from=quiet_from,
    )


def _write(
    conn: Connection, owner: Owner, row: AlertRow | None, seen: Observation | None, after: Episode, fingerprint: str
) -> str:
    life = {
        "state": after.state,
        "first_seen_at": after.first_seen_at,
        "last_seen_at": after.last_seen_at,
        "raised_at": after.raised_at,
        "cleared_at": after.cleared_at,
    }
    if row is not None and row.episode == after.number:
        words = {"text": seen.text, "evidence": dict(seen.evidence), "severity": seen.severity} if seen else {}
        alert_store.save_alert(conn, row.id, {**life, **words})
        return row.id
    if seen is None:
        raise ValueError(f"an episode of {fingerprint} began without anything seen")
    return alert_store.add_alert(conn, owner, seen, fingerprint, after.number, life)


def _act(conn: Connection, bench: Bench, row: DeviceRow, state: DeviceState, turn: Turn, now: datetime) -> None:
    if turn.happened is Happened.RAISED and turn.seen is not None:
        if turn.rule == supply_low.NAME:
            _order(conn, bench, row, turn.seen, turn.alert_id, now)
        elif turn.rule == fault.NAME:
            _see_to(conn, bench, row, state, turn, turn.seen, now)
    elif turn.happened is Happened.CLEARED and turn.rule == fault.NAME:
        intake.note_cleared(conn, row.id, turn.cause, now)


def _order(conn: Connection, bench: Bench, row: DeviceRow, seen: Observation, alert_id: str, now: datetime) -> None:
    for supply in supplies_of(conn, INTERNAL, row.id):
        if supply.key == seen.subject:
            reason = seen.evidence.get("reason", seen.text)
            reorder(conn, bench.settings, row, supply, alert_id=alert_id, reason=reason, now=now)


def _see_to(
    conn: Connection, bench: Bench, row: DeviceRow, state: DeviceState, turn: Turn, seen: Observation, now: datetime
) -> None:
    cause = bench.catalogue.cause(seen.cause)
    ticket_id = None
    if cause.ticket:
        ticket_id = intake.open_ticket(
            conn, row, state, seen, cause, alert_id=turn.alert_id, cause_key=turn.key, now=now
        )
    if ticket_id is not None or seen.severity is Severity.CRITICAL:
        notice.device_fault(conn, bench.settings, row, seen, cause, ticket_id, key=turn.alert_id, now=now)


def evaluate_due(facts: Facts, bench: Bench, now: datetime) -> None:
    """Everything that only time decides: silent agents, devices with an episode that waits, and those whose agent fell
    silent or came back. In small transactions, so that no reading waits for a whole fleet; each is whole in itself, and
    what one that is cut short left undone is due again."""
    with facts.read() as conn:
        heard = [(agent.site_id, agent.id) for agent in [*agents_in_service(conn), *agents_to_settle(conn)]]
    _in_groups(facts, heard, lambda conn, ident: _look_at_agent(conn, bench, ident, now))
    with facts.read() as conn:
        waiting = {*alert_store.unsettled_devices(conn), *devices_out_of_step(conn)}
    _in_groups(facts, waiting, lambda conn, ident: _look_at_device(conn, bench, ident, now))


def _in_groups(facts: Facts, due: Iterable[tuple[str, str]], look: Callable[[Connection, str], None]) -> None:
    """`look` at each (site, id), a few in one transaction."""
    left = sorted(due)
    while left:
        group, left = left[:AT_ONCE], left[AT_ONCE:]
        with facts.write() as conn:
            lock_sites(conn, (site_id for site_id, _ in group))
            for _, ident in group:
                look(conn, ident)


def _look_at_device(conn: Connection, bench: Bench, ident: str, now: datetime) -> None:
    if row := device(conn, INTERNAL, ident):
        evaluate_device(conn, bench, row, now)


def _look_at_agent(conn: Connection, bench: Bench, ident: str, now: datetime) -> None:
    """An agent out of service is silent by a person's will: that is no alert of its own."""
    agent = agent_row(conn, INTERNAL, ident)
    if agent is None:
        return
    if agent.revoked_at is None:
        agent_heard(conn, bench, agent, now)
    else:
        owner = Owner(tenant_id=agent.tenant_id, agent_id=agent.id)
        _advanced(conn, bench, owner, [Judgement(rule=silent.AGENT)], now)


def agent_heard(conn: Connection, bench: Bench, agent: AgentRow, now: datetime) -> None:
    """Whether the agent is silent now. Of its devices nothing is known while it is; `evaluate_due` goes to them."""
    _whole_or_not(conn, agent.id, lambda: _agent_heard(conn, bench, agent, now))


def _agent_heard(conn: Connection, bench: Bench, agent: AgentRow, now: datetime) -> None:
    heard = max(agent.last_heard_at or agent.enrolled_at, bench.started_at)
    judgement = silent.judge_agent(heard, now, bench.silent_after, agent.name)
    owner = Owner(tenant_id=agent.tenant_id, agent_id=agent.id)
    for turn in _advanced(conn, bench, owner, [judgement], now):
        if turn.happened is Happened.RAISED and turn.seen is not None:
            notice.agent_silent(conn, bench.settings, agent, turn.seen, key=turn.alert_id, now=now)
