"""What people decide by forms: names, orders, tickets, and mails of which nobody knows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from collector.store.devices import device
from collector.store.orders import add_order, move_order, order, order_moves
from collector.store.outbox import list_outbox, message_for
from collector.store.tickets import ticket, ticket_moves
from fleet.order import OrderState
from fleet.ticket import TicketState
from tests.collector.office import ALL
from tests.collector.web.conftest import Visitor
from tests.collector.web.gallery import SCRIPT, Gallery


async def ask(gallery: Gallery, fn: Any, *args: Any) -> Any:
    return await asyncio.to_thread(_ask, gallery, fn, *args)


def _ask(gallery: Gallery, fn: Any, *args: Any) -> Any:
    with gallery.office.facts.read() as conn:
        return fn(conn, ALL, *args)


async def mails(gallery: Gallery) -> dict[str, str]:
    return {row.id: row.state for row in (await ask(gallery, list_outbox)).items}


async def test_a_device_gets_a_person_s_name_for_it(worker: Visitor) -> None:
    ident = worker.gallery.ids["levels"]
    answer = await worker.post(f"/devices/{ident}/name", {"name": f" {SCRIPT}\u202e \n1 "}, "dispatcher")
    assert (answer.status, answer.to) == (303, f"/devices/{ident}")
    assert (await ask(worker.gallery, device, ident)).name == f"{SCRIPT} 1"
    page = await worker.page(f"/devices/{ident}")
    assert page.h1 == f"{SCRIPT} 1"
    assert SCRIPT not in page.html
    await worker.post(f"/devices/{ident}/name", {"name": " "})
    assert (await worker.page(f"/devices/{ident}")).h1 == "SixKinds 600"
    assert (await worker.post("/devices/none/name", {"name": "x"})).status == 404


def held_order(gallery: Gallery, cause: str = "by hand") -> str:
    """An order that waits for somebody."""
    with gallery.office.facts.write() as conn:
        known = order(conn, ALL, next(iter(gallery.order_ids.values())))
        assert known is not None
        names = ("tenant_id", "device_id", "supply_id", "alert_id", "description", "vendor_mail", "reason")
        values = {name: getattr(known, name) for name in names} | {"part_number": None, "quantity": 1}
        ident = add_order(conn, gallery.clock.at, cause_key=cause, values=values)
        assert ident is not None
        move_order(conn, ALL, ident, OrderState.HELD, at=gallery.clock.at, actor="Aylin", reason="wait")
    return ident


async def test_a_held_order_is_approved_and_placed_with_its_mail(worker: Visitor) -> None:
    ident = await asyncio.to_thread(held_order, worker.gallery)
    path = f"/orders/{ident}"
    assert "No mail was written for this order." in (await worker.get(path)).text
    for to, reason in (("approved", "the boss agrees"), ("placed", "")):
        answer = await worker.post(f"{path}/moves", {"to": to, "reason": reason}, "dispatcher")
        assert (answer.status, answer.to) == (303, path)
    mail = await ask(worker.gallery, message_for, f"order/{ident}")
    assert (mail.payload["to"], mail.state) == ("vendor@supplies.example", "waiting")
    page = await worker.page(path)
    assert "vendor@supplies.example" in page.html
    assert "the boss agrees" in page.html
    moves, me = await ask(worker.gallery, order_moves, ident), "dispatcher person"
    assert [(m.after, m.actor) for m in moves[1:]] == [
        ("approved", me),
        ("placed", me),
    ]
    # The same form sent twice, as an impatient finger does.
    assert (await worker.post(f"{path}/moves", {"to": "placed"}, "dispatcher")).to == path
    assert len(await ask(worker.gallery, order_moves, ident)) == len(moves)


@pytest.mark.parametrize("to", ["closed", "suggested", "nonsense", ""])
async def test_an_order_takes_no_step_it_cannot_take(worker: Visitor, to: str) -> None:
    ident = list(worker.gallery.order_ids.values())[-1]
    before = await ask(worker.gallery, order, ident)
    answer = await worker.post(f"/orders/{ident}/moves", {"to": to, "reason": "as agreed on the phone"})
    assert answer.status == 409
    assert "Nothing was changed" in answer.page.all("div", "is-warn")[0].text
    assert await ask(worker.gallery, order, ident) == before
    # What was typed is still there, and the buttons are those that work.
    assert [e.attrs["value"] for e in answer.page.all("input") if e.attrs["name"] == "reason"] == [
        "as agreed on the phone"
    ]
    assert {form.fields["next"] for form in answer.page.forms if form.action == "/preferences"} == {"/"}
    buttons = {value for form in answer.page.forms for name, value in form.buttons if name == "to"}
    assert to not in buttons
    assert "cancelled" in buttons


async def test_a_ticket_goes_its_way_with_notes(worker: Visitor) -> None:
    ident = worker.gallery.ticket_ids["jammed"]
    path = f"/tickets/{ident}"
    for to, reason in (("accepted", "mine"), ("", f"{SCRIPT} called"), ("", " ")):
        form = {"to": to, "reason": reason}
        assert (await worker.post(f"{path}/moves", form, "technician")).to == path
    known = await ask(worker.gallery, ticket, ident)
    assert known.state is TicketState.ACCEPTED
    told = [(move.after, move.actor, move.reason) for move in await ask(worker.gallery, ticket_moves, ident)]
    assert told[1:] == [
        ("accepted", "technician person", "mine"),
        ("accepted", "technician person", f"{SCRIPT} called"),
    ]
    for to in ("archived", "reported", "nonsense"):
        refused = await worker.post(f"{path}/moves", {"to": to, "reason": "typed"}, "technician")
        assert (refused.status, refused.page.h1) == (409, "Paper jam: Front desk")
        assert "it is now accepted" in refused.page.all("div", "is-warn")[0].text
    assert (await worker.post(f"{path}/moves", {"to": "accepted"}, "technician")).to == path  # sent twice
    assert (await ask(worker.gallery, ticket, ident)).state is TicketState.ACCEPTED
    page = await worker.page(path)
    assert SCRIPT not in page.html
    assert "mine" in page.html


async def test_a_mail_s_order_asks_for_the_decision_too(worker: Visitor) -> None:
    gallery = worker.gallery
    (mail,) = [row for row in (await ask(gallery, list_outbox)).items if row.id == gallery.mail_ids["failed"]]
    path = f"/orders/{mail.payload['order_id']}"
    (form,) = [form for form in (await worker.page(path)).forms if form.action == f"/mails/{mail.id}"]
    assert {value for name, value in form.buttons if name == "do"} == {"again", "sent"}
    assert form.fields["next"] == path
    viewed = (await worker.get(path, "viewer")).page
    assert f"/mails/{mail.id}" not in {form.action for form in viewed.forms}


async def test_a_person_decides_about_a_mail_nobody_knows_of(worker: Visitor) -> None:
    gallery = worker.gallery
    unsure, failed, waiting = (gallery.mail_ids[name] for name in ("unsure", "failed", "waiting"))
    page = await worker.page("/mails")
    asked = {form.action for form in page.forms} & {f"/mails/{ident}" for ident in (unsure, failed, waiting)}
    assert asked == {f"/mails/{unsure}", f"/mails/{failed}"}
    assert (await worker.post(f"/mails/{unsure}", {"do": "sent"}, "dispatcher")).to == "/mails"
    assert (await worker.post(f"/mails/{failed}", {"do": "again"}, "dispatcher")).to == "/mails"
    for nonsense in ({}, {"do": ""}, {"do": "Again"}):
        assert (await worker.post(f"/mails/{failed}", nonsense, "dispatcher")).status == 400
    known = await mails(gallery)
    assert (known[unsure], known[failed], known[waiting]) == ("sent", "waiting", "waiting")
    # Decided is decided: the same form once more sends nothing again.
    await worker.post(f"/mails/{unsure}", {"do": "again"}, "dispatcher")
    assert await mails(gallery) == known
