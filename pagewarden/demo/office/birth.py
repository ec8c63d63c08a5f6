"""The first day of the office: who stands where, how used up it is, and what is going to happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from pagewarden.demo.office.catalogue import CATALOGUE
from pagewarden.demo.office.life import DeviceLife, SupplyLife, Trouble, print_job
from pagewarden.demo.office.models import Kind, Model, Wears

_PLACES = (
    "Reception",
    "Finance",
    "Copy room 2",
    "Warehouse office",
    "Sales",
    "Meeting room Oslo",
    "Legal",
    "Copy room 1",
    "Marketing",
    "Board office",
    "Purchasing",
    "Dispatch",
    "Post room",
    "Meeting room Lima",
    "Home office corner",
    "Human resources",
    "Archive",
    "Design",
    "Works council",
    "Training room",
    "Kitchen corridor",
    "Quality lab",
    "Workshop",
    "Copy room 3",
)

SMALL = 30
"""Up to so many devices, a /26 is enough."""

_OPENING: dict[int, dict[int, float]] = {
    0: {0: 0.62, 1: 0.162, 2: 0.41, 3: 0.31},
    1: {0: 0.28, 1: 0.77},
    3: {0: 0.12, 1: 0.19},
    4: {0: 0.31, 2: 0.09},
    5: {0: 0.03},
    6: {0: 0.205},
    7: {3: 0.24, 4: 0.17},
    8: {1: 0.0, 4: 0.35},
    10: {2: 0.19},
    14: {3: 0.18},
    15: {0: 0.185},
    18: {0: 0.5},
}
"""Device -> supply -> share left on the first day, where it is not left to chance."""


def model_of(number: int) -> Model:
    """The model of the `number`th device; the catalogue is cycled."""
    return CATALOGUE[number % len(CATALOGUE)]


def place_of(number: int) -> str:
    """Where it stands."""
    floor = number // len(_PLACES)
    return _PLACES[number % len(_PLACES)] + (f", annex {floor}" if floor else "")


def host_name(number: int) -> str:
    words = place_of(number).lower().replace(",", "").split()
    return "-".join(("bm" if model_of(number).kind is Kind.PROJECTOR else "prn", *words))


def address_of(number: int) -> str:
    return f"127.77.{number // 200}.{number % 200 + 1}"


def networks(count: int) -> tuple[str, ...]:
    """The networks that `count` devices and their later addresses lie in."""
    if count <= SMALL:
        return ("127.77.0.0/26",)
    return tuple(f"127.77.{part}.0/24" for part in range((count - 1) // 200 + 1))


def spare_address(number: int, count: int) -> str:
    """Where it goes when DHCP gives it another address."""
    return f"127.77.{number // 200}.{number % 200 + SMALL + 1 if count <= SMALL else 201 + number % 50}"


def born(number: int, now: datetime) -> DeviceLife:
    """The device as it stood there before anybody looked."""
    model, rng = model_of(number), Random(f"birth/{number}")
    pages = int(model.busy * rng.uniform(120, 1200))
    mono = int(pages * rng.uniform(0.35, 0.6)) if model.color else pages
    return DeviceLife(
        number=number,
        seed=rng.randrange(2**31),
        address=address_of(number),
        serial=model.serial.format(rng.randrange(10_000, 99_999)),
        mac=f"{model.oui}{number >> 16 & 0xFF:02x}{number >> 8 & 0xFF:02x}{number & 0xFF:02x}",
        booted_at=now - timedelta(hours=rng.uniform(2, 500)),
        mono=mono if model.prints else 0,
        color=pages - mono if model.prints else 0,
        copies=pages // 6 if model.kind is Kind.MFP else 0,
        scans=pages // 4 if model.scans else 0,
        duplex=pages // 5 if model.duplex and model.prints else 0,
        since_power_on=rng.randrange(300) if model.prints else 0,
        supplies=[_supply(number, n, model, rng) for n in range(len(model.supplies))],
        trays=[0 if tray.by_hand else rng.randint(tray.sheets // 3, tray.sheets) for tray in model.trays],
    )


def _supply(number: int, position: int, model: Model, rng: Random) -> SupplyLife:
    kind = model.supplies[position]
    by_chance = rng.uniform(0.28, 0.97)
    share = _OPENING.get(number, {}).get(position, by_chance)
    cartridge = f"{rng.randrange(16**8):08X}"
    return SupplyLife(used=kind.lasts * (1 - share), cartridge=cartridge)


def first_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Twenty past nine on the last working day, in the office's time zone."""
    local = now.astimezone(zone).replace(hour=9, minute=20, second=0, microsecond=0)
    while local.weekday() > 4:
        local -= timedelta(days=1)
    return local.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Something that happens on the first day, `minutes` after the first look."""

    minutes: float
    number: int
    what: str


SCENES = (
    Scene(minutes=3, number=7, what="jam for a day"),
    Scene(minutes=6, number=0, what="stack"),
    Scene(minutes=9, number=15, what="stack"),
    Scene(minutes=12, number=16, what="out of paper"),
    Scene(minutes=25, number=1, what="other address"),
    Scene(minutes=35, number=3, what="stack"),
    Scene(minutes=40, number=20, what="jam"),
    Scene(minutes=90, number=21, what="new main board"),
    Scene(minutes=120, number=13, what="fan"),
    Scene(minutes=180, number=17, what="motor"),
)


def play(
    scene: Scene, life: DeviceLife, model: Model, now: datetime, real_now: datetime, *, spare: str
) -> Iterator[str]:
    """Lets the scene happen; `spare` is the address the device gets when it moves."""
    rng = Random(f"scene/{scene.minutes}/{scene.number}")
    match scene.what:
        case "jam for a day":
            life.troubles[Trouble.JAM] = now + timedelta(hours=26)
            yield "paper jam that nobody clears"
        case "jam":
            life.troubles[Trouble.JAM] = now + timedelta(minutes=12)
            yield "paper jam"
        case "motor":
            life.troubles[Trouble.MOTOR] = now + timedelta(hours=20)
            yield "main motor stands still"
        case "fan":
            life.troubles[Trouble.FAN] = now + timedelta(hours=30)
            yield "fan fails"
        case "stack":
            yield from _stack(life, model, rng, now)
        case "out of paper":
            life.trays = [0 for _ in life.trays]
            yield "all trays empty"
        case "other address":
            life.address = spare
            yield f"moves to {life.address}"
        case "new main board":
            new_board(life, model, rng, real_now)
            yield "gets a new main board"


def _stack(life: DeviceLife, model: Model, rng: Random, now: datetime) -> Iterator[str]:
    """A big job, in colour where there is colour: one part in twenty-five of the smallest toner's life."""
    yields = [kind.lasts for kind in model.supplies if kind.wears in (Wears.MONO, Wears.COLOR)]
    before, pages = life.total, int(min(yields) / 25)
    while life.total - before < pages:
        at = life.total
        yield from print_job(life, model, rng, now, min(40, pages), color_share=1.0)
        if life.total == at:
            break
    yield f"{life.total - before} pages in one go"


def new_board(life: DeviceLife, model: Model, rng: Random, real_now: datetime) -> None:
    """Serial number and counters start anew; network card and cartridges stay."""
    life.serial = model.serial.format(rng.randrange(10_000, 99_999))
    life.mono, life.color, life.copies, life.scans, life.duplex, life.since_power_on = 12, 0, 0, 0, 0, 12
    life.booted_at, life.rows, life.next_row = real_now, {}, 1
    life.config_changes += 1
