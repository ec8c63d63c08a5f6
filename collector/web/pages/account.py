"""Account: who is signed in, and a new password of one's own."""

from __future__ import annotations

import math

from aiohttp import web

from collector import people
from collector.keys import FACTS
from collector.patience import Crowded, signed_in
from collector.people import LONGEST_PASSWORD, SHORTEST_PASSWORD
from collector.roles import Action
from collector.web.access import page
from collector.web.labels import ROLES
from collector.web.pages.door import let_in, patiently
from collector.web.session import cookie_name
from collector.web.visit import Visit


@page("GET", "/account", Action.KEEP_ACCOUNT)
async def account(visit: Visit) -> web.StreamResponse:
    return await _shown(visit)


async def _shown(visit: Visit, trouble: str = "", status: int = 200) -> web.Response:
    return await visit.render(
        "account.html",
        status=status,
        trouble=trouble,
        changed=visit.request.method == "GET" and visit.asked("changed") == "yes",
        role=visit.words._(ROLES.get(visit.person.role, visit.person.role)),
        shortest=SHORTEST_PASSWORD,
        longest=visit.words.number(LONGEST_PASSWORD),
    )


@page("POST", "/account/password", Action.KEEP_ACCOUNT)
async def change_password(visit: Visit) -> web.StreamResponse:
    """The old password is asked for, since a browser left open is not its owner. All other sessions end."""
    form = await visit.form()
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    if new != again:
        return await _shown(visit, "differ", 400)
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return await _shown(visit, "length", 400)
    changing = people.change_password(visit.request.app[FACTS], visit.person, old, new, visit.now)
    try:
        session = visit.request.cookies.get(cookie_name(visit.request), "")
        changed = await patiently(visit, signed_in(session), changing)
    except Crowded as crowded:
        told = await _shown(visit, "crowded", 429)
        told.headers["Retry-After"] = f"{math.ceil(crowded.seconds)}"
        return told
    if changed is None:
        return await _shown(visit, "wrong", 403)
    return let_in(visit, changed, "/account?changed=yes")
