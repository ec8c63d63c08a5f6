"""Silent: a device, or the agent that asks it, should talk and does not. One silence has one name: while the agent is
silent, its devices are not called silent one by one."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.rules.judgement import Judgement
from fleet.alert import Observation
from fleet.device import DeviceState
from fleet.fault import Activity, Severity

DEVICE = "device-silent"
AGENT = "agent-silent"


def judge_device(state: DeviceState, now: datetime, longest_sleep: timedelta, *, agent_silent: bool) -> Judgement:
    """Whether the device missed its last poll. A sleeper may, for `longest_sleep`: so long it is left as it stands."""
    sleeps = not state.reachable and state.activity is Activity.ASLEEP
    if agent_silent or (sleeps and now - (state.heard_at or state.asked_at or now) < longest_sleep):
        return Judgement(rule=DEVICE, blind=True)
    if state.reachable or state.asked_at is None:
        return Judgement(rule=DEVICE)
    heard = state.heard_at.isoformat(timespec="seconds") if state.heard_at else "never"
    text = state.silence or "no answer"
    evidence = {"last_heard": heard, "silence": text}
    if sleeps:
        asleep = state.ages.get("activity", state.heard_at or now).isoformat(timespec="seconds")
        text, evidence = f"asleep since {asleep}, last heard {heard}: {text}", evidence | {"asleep_since": asleep}
    return Judgement(rule=DEVICE, seen=(_observation(DEVICE, text, evidence),))


def judge_agent(last_heard_at: datetime, now: datetime, patience: timedelta, name: str) -> Judgement:
    """Whether nothing came from the agent for longer than `patience`."""
    if now - last_heard_at < patience:
        return Judgement(rule=AGENT)
    heard = last_heard_at.isoformat(timespec="seconds")
    text = f"Nothing heard from agent {name} since {heard}"
    return Judgement(rule=AGENT, seen=(_observation(AGENT, text, {"last_heard": heard}),))


def _observation(rule: str, text: str, evidence: dict[str, str]) -> Observation:
    severity = Severity.CRITICAL if rule == AGENT else Severity.WARNING
    subject = rule.partition("-")[0]
    return Observation(rule=rule, subject=subject, severity=severity, cause=rule, text=text, evidence=evidence)
