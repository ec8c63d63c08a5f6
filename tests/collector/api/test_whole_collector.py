"""In the collector as it is served, programs find what they were promised."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from collector.serve import serving
from collector.settings import CollectorSettings


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/healthz", 200, "application/json"),
        ("/readyz", 200, "application/json"),
        ("/metrics", 401, "application/problem+json"),
        ("/openapi.json", 200, "application/json"),
        ("/api/v1/devices", 401, "application/problem+json"),
        ("/api/v1/nothing", 404, "application/problem+json"),
        ("/agent/v1/batches", 405, "application/problem+json"),
    ],
)
async def test_programs_find_what_they_were_promised(tmp_path: Path, path: str, status: int, kind: str) -> None:
    settings = CollectorSettings(data_dir=tmp_path / "data", listen="127.0.0.1:0")
    async with (
        serving(settings) as collector,
        aiohttp.ClientSession(collector.url) as session,
        session.get(path) as got,
    ):
        assert (got.status, got.content_type) == (status, kind)
