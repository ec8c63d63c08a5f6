"""A real VictoriaMetrics to write to and to ask, where the shared test data can start one."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.shared_data import shared


@pytest.fixture(scope="session")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    script = shared("servers", "victoria-metrics.sh")
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the script of VictoriaMetrics installs it with apt-get: needs root")
    folder = tmp_path_factory.mktemp("victoria")
    out = subprocess.run([str(script), str(folder)], capture_output=True, text=True, timeout=300, check=False)
    found = dict(line.split("=", 1) for line in out.stdout.splitlines() if "=" in line)
    if out.returncode and not os.environ.get("CI"):
        pytest.skip(f"VictoriaMetrics did not start: {out.stderr[-200:]}")
    assert out.returncode == 0, out.stderr
    yield found["URL"]
    os.kill(int(found["PID"]), signal.SIGTERM)
