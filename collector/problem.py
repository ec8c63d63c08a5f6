"""Problem details: every error answer of the machine interfaces (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web


def problem(
    status: int, detail: str, *, title: str = "", headers: dict[str, str] | None = None, **more: Any
) -> web.Response:
    """An application/problem+json answer. `detail` says what is wrong and what to do; `more` are further members."""
    body = {"type": "about:blank", "title": title or HTTPStatus(status).phrase, "status": status, "detail": detail}
    text = json.dumps(body | more, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/problem+json", headers=headers)
