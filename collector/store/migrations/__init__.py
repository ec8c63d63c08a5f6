"""The database's history, one numbered file per change. `migrate` brings any version up to this one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from collector.store.db import Facts
from fleet.errors import FleetError


class MigrationError(FleetError):
    """The database cannot be brought to this version."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def newest() -> str:
    """The version this program works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def version(facts: Facts) -> str | None:
    """The version of the database; None for an empty one."""
    with facts.engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision()


def migrate(facts: Facts, to: str = "head") -> None:
    """Brings the database to the newest version, or up to another, in one transaction."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    before = version(facts)
    if before == newest():
        return
    if before is not None and before not in known:
        raise MigrationError(
            f"{facts.url.render_as_string()}: the database is of version {before}, made by a newer Pagewarden; "
            "start that release, or restore a backup made by this one"
        )
    with facts.engine.connect() as conn:
        if facts.is_sqlite:
            # Batch changes rebuild tables: with foreign keys on, dropping a parent would take its children along.
            conn.exec_driver_sql("PRAGMA foreign_keys=OFF")
            conn.rollback()
        try:
            with conn.begin():
                _upgrade(conn, to)
                broken = conn.exec_driver_sql("PRAGMA foreign_key_check").fetchall() if facts.is_sqlite else []
                if broken:
                    raise MigrationError(f"the migration would leave rows without their parent: {broken[:3]}")
        finally:
            conn.invalidate()


def _upgrade(conn: Connection, to: str) -> None:
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, to)
