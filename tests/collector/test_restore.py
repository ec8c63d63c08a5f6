"""A backup put back: whole or not at all, and what was there before is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from collector.store.backup import BackupError, back_up
from collector.store.devices import list_devices
from collector.store.restore import claim, restore
from tests.collector.office import START, Office, office, reading


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    made.say(reading(made.clock.on(5)))
    return made


def backed_up(shop: Office, tmp_path: Path) -> Path:
    back_up(shop.facts, shop.samples, tmp_path / "backup")
    return tmp_path / "backup"


def test_what_was_backed_up_is_there_again(shop: Office, tmp_path: Path) -> None:
    backup = backed_up(shop, tmp_path)
    [device] = shop.rows(list_devices)
    assert restore(backup, tmp_path / "elsewhere" / "data", START, force=False) is None
    again = office(tmp_path / "elsewhere")
    assert [row.serial for row in again.rows(list_devices)] == [device.serial]
    assert again.samples.last(device.id) == shop.samples.last(device.id)


def test_what_was_there_before_is_kept_beside_it(shop: Office, tmp_path: Path) -> None:
    backup, data = backed_up(shop, tmp_path), shop.settings.data_dir
    shop.facts.close()
    with pytest.raises(BackupError, match="holds stores already"):
        restore(backup, data, START, force=False)
    aside = restore(backup, data, START + timedelta(days=1), force=True)
    assert aside is not None
    assert (aside / "facts.db").is_file()
    assert not list(data.glob("*.restoring"))
    assert not list(data.glob("facts.db-*")), "the log of the former database is not applied to the restored one"
    assert [row.serial for row in office(tmp_path).rows(list_devices)] == ["SN0012345"]


def test_a_folder_at_work_is_left_alone(shop: Office, tmp_path: Path) -> None:
    backup, data = backed_up(shop, tmp_path), shop.settings.data_dir
    with claim(data), pytest.raises(BackupError, match="stop it first"):
        restore(backup, data, START, force=True)
    with claim(data), claim(data):
        pass  # two that only work there do not disturb each other here


@pytest.mark.parametrize("damage", ["missing", "cut", "noise"])
def test_a_backup_that_is_not_whole_changes_nothing(shop: Office, tmp_path: Path, damage: str) -> None:
    backup, data = backed_up(shop, tmp_path), shop.settings.data_dir
    file = backup / "samples.db"
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:5000])
    else:
        file.write_bytes(b"not a database at all" * 500)
    before = {path.name: path.stat().st_ino for path in data.iterdir()}
    with pytest.raises(BackupError, match=r"samples\.db"):
        restore(backup, data, START, force=True)
    assert {path.name: path.stat().st_ino for path in data.iterdir()} == before
