"""Reorder: a low supply becomes an order, once per cartridge, and the order a mail to the vendor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from alerts.rules import supply_low
from collector.settings import CollectorSettings
from collector.store.alerts import end_episodes
from collector.store.devices import DeviceRow
from collector.store.devices import device as device_row
from collector.store.orders import OrderRow, add_order, move_order, note_on_order, open_orders_for, order
from collector.store.outbox import enqueue
from collector.store.scope import Scope
from collector.store.sites import SiteRow, site_row
from collector.store.supplies import SupplyRow
from collector.store.supplies import supply as supply_row
from collector.supply.senders.email import OrderMail, rendered
from collector.supply.slots import Swap
from collector.supply.suggest import suggested_codes
from fleet.order import OrderState

ACTOR = "Pagewarden"
INTERNAL = Scope.everything()
STILL_LOW = "The device reports another cartridge that is low itself: not the one ordered here, which now stands for it"
_CAME = (OrderState.PLACED, OrderState.ACKNOWLEDGED, OrderState.SHIPPED, OrderState.DELIVERED)
_NOT_SENT = (OrderState.SUGGESTED, OrderState.HELD, OrderState.APPROVED)


def reorder(
    conn: Connection,
    settings: CollectorSettings,
    device: DeviceRow,
    supply: SupplyRow,
    *,
    alert_id: str,
    reason: str,
    now: datetime,
) -> str | None:
    """Opens and places the order for this cartridge; None when one stands already. The id otherwise.

    Without an address to order from it is held and says so."""
    if open_orders_for(conn, supply.id):
        return None
    site = site_row(conn, INTERNAL, device.site_id)
    vendor = vendor_of(site, settings)
    values = {
        "tenant_id": device.tenant_id,
        "device_id": device.id,
        "supply_id": supply.id,
        "alert_id": alert_id,
        "part_number": supply.part_number,
        "description": supply.description or f"{supply.color or ''} {supply.type}".strip(),
        "quantity": 1,
        "vendor_mail": vendor,
        "reason": reason,
    }
    ident = add_order(conn, now, cause_key=f"{supply.id}/{supply.episode}", values=values)
    if ident is None:
        return None
    if vendor:
        _moved(conn, ident, OrderState.APPROVED, now, ACTOR, reason)
        place(conn, settings, ident, actor=ACTOR, now=now)
    else:
        why = f"Nobody to order from: site {device.site_name} has no toner mail address, and there is no default"
        _moved(conn, ident, OrderState.HELD, now, ACTOR, why)
    return ident


def vendor_of(site: SiteRow | None, settings: CollectorSettings) -> str:
    """Who gets the orders of a site; empty when nobody is named."""
    return (site.toner_mail if site else None) or settings.mail.toner


def place(
    conn: Connection, settings: CollectorSettings, order_id: str, *, actor: str, now: datetime
) -> OrderRow | None:
    """An approved order goes out: the step and the mail in the caller's transaction. IllegalMove from other states."""
    known = order(conn, INTERNAL, order_id)
    if known is None:
        return None
    site = site_row(conn, INTERNAL, known.site_id)
    vendor = known.vendor_mail or vendor_of(site, settings)
    placed = _moved(conn, order_id, OrderState.PLACED, now, actor, f"Mail to {vendor}")
    subject, body = rendered(_mail(conn, settings, known, site, now))
    payload = {"sender": settings.mail.sender, "to": vendor, "subject": subject, "body": body, "order_id": order_id}
    payload |= {"reply_to": settings.mail.reply_to} if settings.mail.reply_to else {}
    enqueue(conn, "order-mail", f"order/{order_id}", payload, now, known.tenant_id)
    return placed


def _mail(
    conn: Connection, settings: CollectorSettings, known: OrderRow, site: SiteRow | None, now: datetime
) -> OrderMail:
    device = device_row(conn, INTERNAL, known.device_id)
    supply, timezone = supply_row(conn, INTERNAL, known.supply_id), site.timezone if site else "UTC"
    return OrderMail(
        language=(site.language if site else None) or settings.mail.language,
        number=known.number,
        ordered_at=now,
        timezone=timezone,
        customer=site.tenant_name if site else "",
        site=known.site_name,
        address=site.address if site else None,
        device=known.device_title,
        maker=device.maker if device else None,
        model=device.model if device else None,
        serial=device.serial if device else None,
        place=device.location if device else None,
        supply=supply,
        description=known.description,
        part_number=known.part_number,
        suggested=() if known.part_number else suggested_codes(device, supply, timezone),
        quantity=known.quantity,
        reason=known.reason,
        answer_to=settings.mail.reply_to or settings.mail.sender,
        link=f"{settings.url}/orders/{known.id}",
    )


def follow_swap(conn: Connection, swap: Swap, now: datetime) -> None:
    """Another cartridge is in: what was low is over, and the new one speaks for itself from here on.

    Of the orders, what was under way is installed, and what was not sent is no longer needed; but a cartridge that is
    low itself was never ordered: then they go on, and stand for it instead."""
    supply = swap.before
    end_episodes(conn, supply.device_id, supply_low.NAME, supply.key, now)
    for known in open_orders_for(conn, supply.id):
        if swap.is_low:
            note_on_order(conn, INTERNAL, known.id, at=now, actor=ACTOR, reason=STILL_LOW)
        elif known.state in _CAME:
            _moved(conn, known.id, OrderState.INSTALLED, now, ACTOR, "The device reports another cartridge")
        elif known.state in _NOT_SENT:
            why = "The device reports another cartridge; this order had not been sent"
            _moved(conn, known.id, OrderState.CANCELLED, now, ACTOR, why)


def _moved(
    conn: Connection, order_id: str, after: OrderState, now: datetime, actor: str, reason: str
) -> OrderRow | None:
    return move_order(conn, INTERNAL, order_id, after, at=now, actor=actor, reason=reason)
