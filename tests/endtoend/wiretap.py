"""A proxy between agent and collector that writes down every batch and what the collector answered to it.

It is the witness of what was acknowledged: independent of both programs, and alive while they are killed.
Run as ``python -m tests.endtoend.wiretap PORT COLLECTOR_URL LOG``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TextIO

import aiohttp
from aiohttp import web

_TOO_MUCH = 64 * 2**20


class Wiretap:
    def __init__(self, collector: str, log: TextIO) -> None:
        self.collector, self.log = collector, log

    async def pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()  # aiohttp has unpacked it already
        headers = {name: value for name, value in request.headers.items() if name in ("Authorization", "Content-Type")}
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.request(request.method, self.collector + request.path_qs, data=body, headers=headers) as answer,
            ):
                said = await answer.read()
        except aiohttp.ClientError as error:
            if not isinstance(error, aiohttp.ClientConnectorError):  # it had the request, and died over it
                self._note(request.path, body, None, b"")
            # The collector is dead or died before it answered: the agent sees the connection break, as it would.
            if request.transport is not None:
                request.transport.abort()
            raise
        self._note(request.path, body, answer.status, said)
        passed = {name: answer.headers[name] for name in ("Content-Type", "Retry-After") if name in answer.headers}
        return web.Response(status=answer.status, body=said, headers=passed)

    def _note(self, path: str, body: bytes, status: int | None, said: bytes) -> None:
        """On disk before the agent hears of it. A status of None: the collector never answered."""
        sent = json.loads(body) if path.endswith("/batches") else None
        line = {"path": path, "sent": sent, "status": status, "answer": json.loads(said or b"null")}
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()


def main() -> None:
    port, collector, log = sys.argv[1:]
    app = web.Application(client_max_size=_TOO_MUCH)
    with Path(log).open("a") as file:
        app.router.add_route("*", "/{path:.*}", Wiretap(collector, file).pass_on)
        web.run_app(app, port=int(port), print=None)


if __name__ == "__main__":
    main()
