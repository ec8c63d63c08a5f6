"""Customers and sites on the command line: added, listed, changed, and noted in the audit log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collector.store.audit import AuditRow, list_audit
from collector.store.db import Facts
from tests.collector.office import ALL
from tests.collector.test_cli import init, run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text("correct horse battery\n")
    init(tmp_path / "data", tmp_path / "password")
    return tmp_path / "data"


def told(data: Path, words: str, *more: str) -> Any:
    return json.loads(run(*words.split(), "--data", str(data), *more, "--json"))


def sites(data: Path) -> dict[str, Any]:
    lines = run("site", "list", "--data", str(data), "--json").splitlines()
    return {row["name"]: row for row in map(json.loads, lines)}


def audit(data: Path, did: str) -> list[AuditRow]:
    facts = Facts.at(data / "facts.db")
    with facts.read() as conn:
        rows = [row for row in list_audit(conn, ALL).items if row.did == did]
    facts.close()
    return rows


def test_a_second_customer_gets_a_site_and_a_token(data: Path) -> None:
    made = told(data, "customer add", "Fabrikam")
    mail = ("--toner-mail", "orders@vendor.example", "--timezone", "Europe/Berlin", "--address", "1 Main Street")
    branch = told(data, "site add", "Branch", "--tenant", "Fabrikam", *mail)
    assert branch["tenant_id"] == made["id"]
    assert told(data, "site-token", "--site", "Branch")["site_id"] == branch["id"]
    row = sites(data)["Branch"]
    assert (row["toner_mail"], row["alert_mail"], row["address"]) == ("orders@vendor.example", None, "1 Main Street")
    assert [(note.object, note.tenant_id) for note in audit(data, "customer added")] == [(made["id"], made["id"])]
    assert [note.object for note in audit(data, "site added")] == [branch["id"]]
    listed = [json.loads(line) for line in run("customer", "list", "--data", str(data), "--json").splitlines()]
    assert [(one["name"], one["sites"]) for one in listed] == [("Acme", ["Head office"]), ("Fabrikam", ["Branch"])]


def test_only_what_is_given_changes_and_both_values_are_noted(data: Path) -> None:
    change = ("site", "set", "--data", str(data), "Head office")
    run(*change, "--toner-mail", "a@vendor.example", "--alert-mail", "s@dealer.example")
    run(*change, "--toner-mail", "b@vendor.example")
    row = sites(data)["Head office"]
    assert (row["toner_mail"], row["alert_mail"], row["timezone"]) == ("b@vendor.example", "s@dealer.example", "UTC")
    run(*change, "--alert-mail", "")
    assert sites(data)["Head office"]["alert_mail"] is None
    steps = [dict(note.facts) for note in audit(data, "site changed")]
    assert {"toner_mail": {"from": "a@vendor.example", "to": "b@vendor.example"}} in steps
    run(*change, "--toner-mail", "b@vendor.example")
    assert len(audit(data, "site changed")) == len(steps) == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("customer", "add", "Acme"), "already"),
        (("customer", "add", " "), "name"),
        (("site", "add", "Head office"), "already"),
        (("site", "add", "Branch", "--tenant", "Moon"), "Acme"),
        (("site", "add", "Branch", "--timezone", "Moon"), "time zone"),
        (("site", "set", "Moon", "--alert-mail", "a@b.example"), "Head office"),
        (("site", "set", "Head office", "--toner-mail", "nobody"), "--toner-mail"),
        (("site", "set", "Head office", "--name", ""), "--name"),
        (("site", "set", "Head office"), "nothing to change"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(data: Path, words: tuple[str, ...], says: str) -> None:
    before = sites(data)
    assert says in run(*words, "--data", str(data), code=2)
    assert sites(data) == before


def test_one_name_at_two_customers_needs_the_customer(data: Path) -> None:
    told(data, "customer add", "Fabrikam")
    told(data, "site add", "Head office", "--tenant", "Fabrikam")
    change = ("site", "set", "--data", str(data), "Head office", "--alert-mail", "a@b.example")
    both = run(*change, code=2)
    assert "of Acme" in both
    assert "of Fabrikam" in both
    run(*change, "--tenant", "Fabrikam")
    assert [note.tenant_id for note in audit(data, "site changed")] == [
        note.tenant_id for note in audit(data, "customer added")
    ]
