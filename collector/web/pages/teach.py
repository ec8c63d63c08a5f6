"""Teach Pagewarden your device: a recording, a row, and what the row changes. Nothing of the collector changes."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from collector.roles import Action
from collector.teach import KEPT_FOR, LARGEST, LARGEST_ROW, ROOMS, SUFFIXES, Capture, Classroom, Row
from collector.web.access import page
from collector.web.visit import Visit

CLASSROOM = web.AppKey("classroom", Classroom)
KEY = re.compile(r"[a-z0-9_]{1,40}")
START = '# words = ["acme"]\n[oids]\n# firmware = ["1.3.6.1.4.1.99999.1.2.0"]\n[counters]\n# print_total = ["1.3..."]\n'


def _session(visit: Visit) -> str:
    return visit.session.csrf if visit.session else ""


@page("GET", "/teach", Action.TEACH_DEVICES)
async def teach(visit: Visit) -> web.StreamResponse:
    kept = visit.request.app[CLASSROOM].capture(_session(visit), visit.now)
    return await _shown(visit, kept, Row(room="vendors", key="", text=START))


@page("POST", "/teach", Action.TEACH_DEVICES)
async def check(visit: Visit) -> web.StreamResponse:
    form, room = await visit.form(), visit.request.app[CLASSROOM]
    typed = Row(
        room=str(form.get("room", "")) if form.get("room") in ROOMS else ROOMS[0],
        key=str(form.get("key", "")).strip().lower()[:40],
        text=str(form.get("row", "")).replace("\r\n", "\n")[:LARGEST_ROW],
    )
    sought = str(form.get("sought", "")).strip()[:100]
    if form.get("do") == "download" and KEY.fullmatch(typed.key):
        named = {"Content-Disposition": f'attachment; filename="{typed.key}.toml"'}
        return web.Response(body=typed.text.encode(), content_type="application/toml", charset="utf-8", headers=named)
    trouble = await _uploaded(visit, form.get("capture"))
    kept = room.capture(_session(visit), visit.now)
    if trouble or kept is None:
        return await _shown(visit, kept, typed, trouble=trouble or "none", sought=sought, status=400)
    if not KEY.fullmatch(typed.key) and form.get("do") != "look":
        return await _shown(visit, kept, typed, trouble="key", sought=sought, status=400)
    seen = await room.read(kept, typed if form.get("do") != "look" else None, sought)
    if seen is None:
        return await _shown(visit, kept, typed, trouble="busy", sought=sought, status=429)
    return await _shown(visit, kept, typed, trouble=seen.trouble, sought=sought, seen=seen.record)


async def _uploaded(visit: Visit, sent: Any) -> str:
    """Keeps what was sent; what is wrong with it, in a word."""
    if not isinstance(sent, FileField) or not sent.filename:
        return ""
    suffix = next((s for s in SUFFIXES if sent.filename.lower().endswith(s)), None)
    if suffix is None:
        return "suffix"
    data = await asyncio.to_thread(sent.file.read, LARGEST + 1)
    if len(data) > LARGEST:
        return "large"
    capture = Capture(suffix=suffix, data=data, name=sent.filename[-80:], at=visit.now)
    visit.request.app[CLASSROOM].keep(_session(visit), capture)
    return ""


async def _shown(
    visit: Visit,
    kept: Capture | None,
    typed: Row,
    *,
    trouble: str = "",
    sought: str = "",
    seen: dict[str, Any] | None = None,
    status: int = 200,
) -> web.Response:
    return await visit.render(
        "teach.html",
        status=status,
        kept=kept,
        typed=typed,
        trouble=trouble,
        sought=sought,
        seen=seen,
        rooms=ROOMS,
        makers=sorted(vendor.key for vendor in visit.catalogue.vendors),
        megabytes=LARGEST // 2**20,
        minutes=int(KEPT_FOR.total_seconds() // 60),
    )
