"""A real server that takes the line protocol, as InfluxDB 2 and VictoriaMetrics do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

Kept = dict[tuple[str, str, tuple[tuple[str, str], ...], datetime], float]


def _parts(text: str, separator: str) -> list[str]:
    """Split at separators that no backslash stands before."""
    return re.split(rf"(?<!\\){separator}", text)


def _plain(text: str) -> str:
    return re.sub(r"\\([,= ])", r"\1", text)


class LineServer:
    """Keeps what it is told by (device, metric name, labels, time). `answer` and `told` let a test speak and listen."""

    def __init__(self) -> None:
        self.kept: Kept = {}
        self.answer = 204
        self.url = ""
        self.told: list[web.Request] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/v2/write", self._write)
        return app

    async def _write(self, request: web.Request) -> web.Response:
        self.told.append(request)
        if self.answer != 204:
            return web.json_response({"code": "no", "message": "not now"}, status=self.answer)
        for line in (await request.text()).splitlines():
            self._take(line, request.query)
        return web.Response(status=204)

    def _take(self, line: str, query: Any) -> None:
        assert query["precision"] == "ms"
        head, values, ts = _parts(line, " ")
        measurement, *tags = _parts(head, ",")
        labels = dict(tuple(map(_plain, _parts(tag, "="))) for tag in tags)
        device = labels.pop("device")
        at = datetime.fromtimestamp(int(ts) / 1000, UTC)
        for value in _parts(values, ","):
            field, number = _parts(value, "=")
            self.kept[device, f"{measurement}_{field}", tuple(sorted(labels.items())), at] = float(number)
