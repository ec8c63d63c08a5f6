"""An order for a cartridge whose device names no code: the mail offers one from the catalogue, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.store.orders import list_orders
from collector.store.outbox import list_outbox
from collector.store.supplies import list_supplies
from fleet.identity import Identity
from fleet.supply import Exact, SupplyReading
from tests.collector.office import Office, office, reading, toner


def ordered(path: Path, supply: SupplyReading, maker: str | None, model: str, **site: str) -> tuple[Office, str]:
    """The mail that goes out when `supply` has run low in a device of this name."""
    shop = office(path)
    shop.furnish(**site)
    identity = Identity(maker=maker, model=model, serial="SN0012345")
    for _ in range(4):
        shop.say(reading(shop.clock.on(5), identity=identity, supplies=(supply,)))
    (mail,) = shop.rows(list_outbox, kind="order-mail")
    return shop, mail.payload["body"].replace("\n  ", " ")


LOW = toner(Exact(percent=5))


def test_the_one_code_that_fits_is_offered_as_a_guess_and_kept_out_of_the_facts(tmp_path: Path) -> None:
    shop, body = ordered(tmp_path, LOW, "Konica Minolta", "bizhub C250i")
    assert "Part number: not reported; probably TN-328K (from the catalogue, not from the device)\n" in body
    assert shop.rows(list_orders)[0].part_number is None
    assert shop.rows(list_supplies)[0].part_number is None


def test_several_that_fit_are_all_offered(tmp_path: Path) -> None:
    _, body = ordered(tmp_path, LOW, "HP", "LaserJet 400 MFP M425dn")
    assert "not reported; one of CF280A, CF280X (from the catalogue, not from the device)\n" in body


def test_a_chinese_mail_says_it_in_chinese(tmp_path: Path) -> None:
    _, body = ordered(tmp_path, LOW, "Konica Minolta", "bizhub C250i", language="zh")
    assert "部件号：未上报；可能是 TN-328K（来自目录，并非设备上报）\n" in body


@pytest.mark.parametrize(
    ("maker", "model"),
    [("HP", "LaserThing 4000"), (None, "bizhub C250i"), ("Brother", "MFC-L2710DW")],
    ids=["unknown model", "unknown maker", "too many fit"],
)
def test_without_a_sound_guess_there_is_none(tmp_path: Path, maker: str | None, model: str) -> None:
    _, body = ordered(tmp_path, LOW, maker, model)
    assert "Part number: not reported\n" in body


def test_what_the_device_says_stands_alone(tmp_path: Path) -> None:
    _, body = ordered(tmp_path, toner(Exact(percent=5), part_number="TN-328K-X"), "Konica Minolta", "bizhub C250i")
    assert "Part number: TN-328K-X\n" in body
    assert "catalogue" not in body
