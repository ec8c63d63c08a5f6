"""Who looks only sees no buttons, and nobody sees another customer's things."""

from __future__ import annotations

import asyncio

import pytest

from collector.store.devices import device
from collector.store.orders import order
from collector.store.outbox import list_outbox
from collector.store.tickets import ticket
from tests.collector.office import ALL
from tests.collector.web.conftest import Visitor
from tests.collector.web.gallery import Gallery

HARMLESS = {"/logout", "/preferences", "/account/password"}


def forms(gallery: Gallery) -> dict[str, dict[str, str]]:
    """Every way to change something of the first customer's."""
    return {
        f"/devices/{gallery.ids['hero']}/name": {"name": "Mine"},
        f"/orders/{next(iter(gallery.order_ids.values()))}/moves": {"to": "cancelled", "reason": "no"},
        f"/tickets/{gallery.ticket_ids['jammed']}/moves": {"to": "cancelled", "reason": "no"},
        f"/mails/{gallery.mail_ids['unsure']}": {"do": "again", "seen": "1"},
    }


async def state(gallery: Gallery) -> object:
    """Everything those ways could change."""
    return await asyncio.to_thread(_state, gallery)


def _state(gallery: Gallery) -> object:
    with gallery.office.facts.read() as conn:
        return (
            device(conn, ALL, gallery.ids["hero"]),
            [order(conn, ALL, ident) for ident in (*gallery.order_ids.values(), gallery.other["order"])],
            [ticket(conn, ALL, ident) for ident in (*gallery.ticket_ids.values(), gallery.other["ticket"])],
            device(conn, ALL, gallery.other["device"]),
            list_outbox(conn, ALL).items,
        )


@pytest.mark.parametrize("who", ["viewer", "vendor"])
async def test_who_looks_only_changes_nothing(visitor: Visitor, who: str) -> None:
    before = await state(visitor.gallery)
    for path, form in forms(visitor.gallery).items():
        answer = await visitor.post(path, form, who)
        assert (answer.status, answer.page.h1) == (403, "This is not for you"), path
    assert await state(visitor.gallery) == before


@pytest.mark.parametrize("who", ["viewer", "vendor"])
async def test_who_looks_only_sees_no_buttons(visitor: Visitor, who: str) -> None:
    for name, path in visitor.gallery.paths().items():
        posts = {form.action for form in (await visitor.get(path, who)).page.forms if form.method == "post"}
        assert posts <= HARMLESS, name


async def test_a_form_without_its_proof_changes_nothing(visitor: Visitor) -> None:
    before = await state(visitor.gallery)
    for path, form in forms(visitor.gallery).items():
        for csrf in (None, "wrong"):
            assert (await visitor.post(path, form, csrf=csrf)).status == 403
        assert (await visitor.post(path, form, headers={"Sec-Fetch-Site": "cross-site"})).status == 403
        assert (await visitor.post(path, form, who="")).status == 303
    assert await state(visitor.gallery) == before


@pytest.mark.parametrize("who", ["dispatcher", "viewer"])
async def test_another_customer_s_things_are_not_there(visitor: Visitor, who: str) -> None:
    other = visitor.gallery.other
    for kind in ("device", "order", "ticket"):
        assert (await visitor.get(f"/{kind}s/{other[kind]}", "owner")).status == 200
        assert (await visitor.get(f"/{kind}s/{other[kind]}", who)).status == 404
    for path in ("/", "/devices", "/orders?show=all", "/tickets?show=all", "/alerts?show=all", "/mails", "/agents"):
        text = (await visitor.get(path, who)).text
        assert not [ident for ident in other.values() if ident in text], path
    for path in ("/devices", "/orders?show=all", "/tickets?show=all"):
        assert other[path[1:].partition("s")[0]] in (await visitor.get(path)).text
    for path in ("/devices", "/orders", "/tickets", "/alerts", "/mails", "/agents"):
        mine, all_ = [(await visitor.get(f"{path}?format=csv&show=all", name)).text for name in (who, "owner")]
        assert len(mine.splitlines()) < len(all_.splitlines()), path


async def test_another_customer_s_things_cannot_be_changed(visitor: Visitor) -> None:
    before, other = await state(visitor.gallery), visitor.gallery.other
    for path, form in {
        f"/devices/{other['device']}/name": {"name": "Mine"},
        f"/orders/{other['order']}/moves": {"to": "cancelled"},
        f"/tickets/{other['ticket']}/moves": {"to": "cancelled"},
        f"/tickets/{other['ticket']}/moves ": {"to": "", "reason": "a note"},
    }.items():
        assert (await visitor.post(path.strip(), form, "dispatcher")).status == 404, path
    await visitor.post(f"/mails/{other['mail']}", {"do": "sent", "seen": "1"}, "dispatcher")
    assert await state(visitor.gallery) == before


@pytest.mark.parametrize("path", ["/devices/nothing", "/orders/..%5c", "/tickets/' or 1=1", "/devices/%3Cscript%3E"])
async def test_what_is_not_there_says_so(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(path)
    assert (answer.status, answer.page.h1) == (404, "There is nothing here")
    assert "<script" not in answer.text
