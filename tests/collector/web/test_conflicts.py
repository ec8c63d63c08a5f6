"""A contradiction is seen where the device is, and settled there."""

from __future__ import annotations

import asyncio

from collector.store.conflicts import ConflictRow, conflicts_of
from fleet.reading import Disputed
from tests.collector.office import ALL
from tests.collector.web.conftest import Visitor


async def known(visitor: Visitor) -> ConflictRow:
    def look() -> ConflictRow:
        with visitor.gallery.office.facts.read() as conn:
            [found] = conflicts_of(conn, ALL, visitor.gallery.ids["levels"])
        return found

    return await asyncio.to_thread(look)


async def test_both_sides_are_shown_and_one_is_believed(worker: Visitor) -> None:
    path = f"/devices/{worker.gallery.ids['levels']}"
    page = await worker.page(path, "dispatcher")
    assert [button.text for button in page.all("button") if button.attrs.get("name") == "believe"] == [
        "Believe SNMP: 1,000",
        "Believe IPP: 20,500",
    ]
    settle, about = f"{path}/conflicts", {"about": Disputed.PAGES.value}
    answer = await worker.post(settle, about | {"believe": "ipp"}, "dispatcher")
    assert (answer.status, answer.to) == (303, path)
    assert (await known(worker)).choice == "ipp"
    assert "IPP is believed, as dispatcher person decided on" in (await worker.page(path)).html
    assert "采信 IPP" in (await worker.page(path, lang="zh")).html
    await worker.post(settle, about | {"believe": ""}, "dispatcher")
    assert (await known(worker)).is_open


async def test_who_may_not_settle_sees_what_is_said(visitor: Visitor) -> None:
    path = f"/devices/{visitor.gallery.ids['levels']}"
    page = await visitor.page(path, "viewer")
    assert "SNMP: 1,000" in page.html
    assert not [button for button in page.all("button") if button.attrs.get("name") == "believe"]
    answer = await visitor.post(f"{path}/conflicts", {"about": Disputed.PAGES, "believe": "ipp"}, "viewer")
    assert answer.status == 403
    assert (await known(visitor)).is_open


async def test_what_nobody_said_cannot_be_believed(worker: Visitor) -> None:
    path = f"/devices/{worker.gallery.ids['levels']}/conflicts"
    for about, choice in ((Disputed.PAGES, "escl"), (Disputed.SERIAL, "ipp"), ("nonsense", "ipp")):
        assert (await worker.post(path, {"about": about, "believe": choice})).status == 404
