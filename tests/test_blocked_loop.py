"""The guard of conftest.py does guard: without this, a change of the library could switch it off unseen."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from blockbuster import BlockBuster, BlockingError

from fleet.kit import config


@dataclass(frozen=True)
class Nothing:
    """Settings without any."""


async def test_our_code_must_not_read_a_file_on_the_loop(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("")
    with pytest.raises(BlockingError):
        config.load(file, Nothing)


def test_sqlite_is_watched(blocked_loop: BlockBuster) -> None:
    assert blocked_loop.functions["sqlite3.Connection.execute"].activated
    assert sqlite3.connect(":memory:").execute("select 1").fetchone() == (1,), "and free outside a loop"
