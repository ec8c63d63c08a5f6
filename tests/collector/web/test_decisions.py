"""What people decide by forms: names, orders, tickets, and mails of which nobody knows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, update

from collector.store.audit import list_audit
from collector.store.devices import device
from collector.store.orders import add_order, move_order, order, order_moves
from collector.store.outbox import list_outbox, message_for
from collector.store.tables import outbox
from collector.store.tickets import ticket, ticket_moves
from fleet.order import OrderState
from fleet.ticket import TicketState
from tests.collector.office import ALL
from tests.collector.web.conftest import Answer, Visitor
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
    seen = {form.action: form.fields["seen"] for form in page.forms if form.action in asked}
    assert (await settle(worker, unsure, "sent", seen)).to == "/mails"
    assert (await settle(worker, failed, "again", seen)).to == "/mails"
    for nonsense in ({}, {"do": ""}, {"do": "Again", "seen": "1"}, {"do": "again"}, {"do": "again", "seen": "-1"}):
        assert (await worker.post(f"/mails/{failed}", nonsense, "dispatcher")).status == 400
    known = await mails(gallery)
    assert (known[unsure], known[failed], known[waiting]) == ("sent", "waiting", "waiting")
    # Decided is decided: the same form once more sends nothing again.
    for ident, do in ((unsure, "again"), (unsure, "sent"), (failed, "again"), (failed, "sent")):
        late = await settle(worker, ident, do, seen)
        assert (late.status, late.page.h1) == (409, "Somebody has decided about this mail already")
    assert (await worker.post("/mails/out_none", {"do": "again", "seen": "1"}, "dispatcher")).status == 404
    assert await mails(gallery) == known
    audited = [row for row in (await ask(gallery, list_audit)).items if row.did.startswith("mail ")]
    assert {(row.did, row.object, row.actor, row.at, row.facts["was"]) for row in audited} == {
        ("mail marked as sent", unsure, "dispatcher@dealer.example", gallery.clock.at, "unsure"),
        ("mail sent again", failed, "dispatcher@dealer.example", gallery.clock.at, "failed"),
    }
    assert len(audited) == 2
    assert {row.tenant_id for row in audited} == {gallery.tenant_id}


async def settle(worker: Visitor, ident: str, do: str, seen: dict[str, str]) -> Answer:
    return await worker.post(f"/mails/{ident}", {"do": do, "seen": seen[f"/mails/{ident}"]}, "dispatcher")


async def test_a_word_on_a_former_attempt_is_none_on_a_later_one(worker: Visitor) -> None:
    """The form lay open while the mail went out once more and got stuck once more."""
    gallery = worker.gallery

    def stuck(conn: Connection, attempts: int) -> None:
        values = {"state": "unsure", "attempts": attempts}
        conn.execute(update(outbox).where(outbox.c.id == gallery.other["mail"]).values(**values))

    await gallery.office.facts.change(stuck, 3)
    path = f"/mails/{gallery.other['mail']}"
    (form,) = [form for form in (await worker.page("/mails")).forms if form.action == path]
    await gallery.office.facts.change(stuck, 4)
    late = await worker.post(path, {"do": "again", "seen": form.fields["seen"]}, "owner")
    assert late.status == 409
    assert (await mails(gallery))[gallery.other["mail"]] == "unsure"


async def test_the_ink_button_leads_on_through_the_whole_life(worker: Visitor) -> None:
    """Whoever presses it each time comes to the archive, and never round in a circle."""
    path, steps = f"/tickets/{worker.gallery.ticket_ids['jammed']}", list[str]()
    while inked := (await worker.page(path)).all("button", "btn-ink"):
        steps.append(inked[0].attrs["value"])
        assert len(steps) < 9, steps
        await worker.post(f"{path}/moves", {"to": steps[-1], "reason": ""})
    assert steps[-2:] == ["confirmed", "archived"]
