"""IPP and IPPS of one device: Get-Printer-Attributes, and nothing that would print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from aiohttp import web

from pagewarden.demo.office import ipp_wire as wire
from pagewarden.demo.office.complaints import CRITICAL
from pagewarden.demo.office.device import Activity, Device, shown
from pagewarden.demo.office.ipp_wire import Attribute
from pagewarden.demo.office.life import LOW_AT, left
from pagewarden.demo.office.models import TONER, Speaks

PATH = "/ipp/print"
_IDLE, _PROCESSING, _STOPPED = 3, 4, 5
_ALWAYS_LOW = int(LOW_AT * 100)
_TYPE_WORDS = {
    3: "toner",
    4: "wasteToner",
    5: "ink",
    6: "inkCartridge",
    7: "inkRibbon",
    8: "wasteInk",
    9: "opc",
    15: "fuser",
    20: "transferUnit",
}
_UNIT_WORDS = {7: "impressions", 15: "tenthsOfMilliliters", 18: "items", 19: "percent"}
_COLOR_CODES = {"black": "#000000", "cyan": "#00FFFF", "magenta": "#FF00FF", "yellow": "#FFFF00"}


def application(device: Device, *, port: int) -> web.Application:
    """The device's web server with its IPP service."""

    async def ipp(request: web.Request) -> web.Response:
        if request.content_type != "application/ipp":
            raise web.HTTPUnsupportedMediaType
        body = reply(device, await request.read(), secure=request.secure, port=port)
        return web.Response(body=body, content_type="application/ipp")

    async def front(_: web.Request) -> web.Response:
        return web.Response(text=f"{device.model.label}\n{device.place}\n{device.panel}\n")

    app = web.Application(client_max_size=64 * 1024)
    app.add_routes([web.post(PATH, ipp), web.get("/", front)])
    return app


def reply(device: Device, body: bytes, *, secure: bool, port: int) -> bytes:
    """The answer to one request body."""
    try:
        request = wire.parse(body)
    except wire.Malformed:
        empty = wire.Request(version=(2, 0), operation=0, request_id=1, operation_attributes={})
        return wire.answer(empty, wire.BAD_REQUEST)
    if request.version[0] not in (1, 2):
        return wire.answer(request, wire.VERSION_NOT_SUPPORTED)
    # RFC 8011 4.1.4: charset, language and target come first, in this order, or the request is bad.
    if list(request.operation_attributes)[:3] != ["attributes-charset", "attributes-natural-language", "printer-uri"]:
        return wire.answer(request, wire.BAD_REQUEST)
    if request.operation != wire.GET_PRINTER_ATTRIBUTES:
        return wire.answer(request, wire.NOT_SUPPORTED)
    wanted = request.requested
    everything = not wanted or "all" in wanted or "printer-description" in wanted
    every = attributes(device, datetime.now(UTC), secure=secure, port=port)
    return wire.answer(request, wire.OK, (a for a in every if a.values and (everything or a.name in wanted)))


def attributes(device: Device, real_now: datetime, *, secure: bool, port: int) -> Iterator[Attribute]:
    """Everything the printer tells of itself."""
    yield from _identity(device, secure=secure, port=port)
    yield from _state(device, real_now)
    yield from _marker_form(device) if device.model.supply_form == "marker" else _supply_form(device)
    yield from _paper(device)
    yield from _alerts(device)


def _one(name: str, tag: int, *values: wire.Scalar) -> Attribute:
    return Attribute(name=name, tag=tag, values=values)


def _identity(device: Device, *, secure: bool, port: int) -> Iterator[Attribute]:
    model, life = device.model, device.life
    uri = f"{'ipps' if secure else 'ipp'}://{life.address}:{port}{PATH}"
    yield _one("printer-uri-supported", wire.URI, uri)
    yield _one("uri-security-supported", wire.KEYWORD, "tls" if secure else "none")
    yield _one("uri-authentication-supported", wire.KEYWORD, "none")
    yield _one("printer-uuid", wire.URI, f"urn:uuid:{device.uuid}")
    yield _one("printer-name", wire.NAME, device.host_name)
    yield _one("printer-dns-sd-name", wire.NAME, f"{model.label} ({device.place})")
    yield _one("printer-info", wire.TEXT, f"{model.label} ({device.place})")
    yield _one("printer-location", wire.TEXT, device.place)
    yield _one("printer-make-and-model", wire.TEXT, model.label)
    descr = f"MFG:{model.maker};CMD:PDF,URF,PWGRaster;MDL:{model.name};CLS:PRINTER;SN:{life.serial};"
    yield _one("printer-device-id", wire.TEXT, descr)
    yield _one("printer-serial-number", wire.TEXT, life.serial)
    yield _one("printer-firmware-name", wire.NAME, "system")
    yield _one("printer-firmware-string-version", wire.TEXT, model.firmware)
    yield _one("printer-more-info", wire.URI, f"http://{life.address}:{port}/")
    yield _one("color-supported", wire.BOOLEAN, model.color)
    yield _one("ipp-versions-supported", wire.KEYWORD, "1.1", "2.0")
    yield _one("operations-supported", wire.ENUM, wire.GET_PRINTER_ATTRIBUTES)
    yield _one("charset-configured", wire.CHARSET, "utf-8")
    yield _one("charset-supported", wire.CHARSET, "utf-8")
    yield _one("natural-language-configured", wire.LANGUAGE, "en")
    yield _one("generated-natural-language-supported", wire.LANGUAGE, "en")
    yield _one("document-format-default", wire.MIME, "application/pdf")
    yield _one("document-format-supported", wire.MIME, "application/pdf", "image/urf", "image/pwg-raster")
    yield _one("compression-supported", wire.KEYWORD, "none")
    yield _one("pdl-override-supported", wire.KEYWORD, "attempted")


def _state(device: Device, real_now: datetime) -> Iterator[Attribute]:
    state = {Activity.PRINTING: _PROCESSING, Activity.STOPPED: _STOPPED}.get(device.activity, _IDLE)
    yield _one("printer-state", wire.ENUM, state)
    yield _one("printer-state-reasons", wire.KEYWORD, *(reasons(device) or ("none",)))
    yield _one("printer-state-message", wire.TEXT, device.panel)
    yield _one("printer-is-accepting-jobs", wire.BOOLEAN, device.activity is not Activity.STOPPED)
    yield _one("queued-job-count", wire.INTEGER, int(device.activity is Activity.PRINTING))
    yield _one("printer-up-time", wire.INTEGER, max(1, device.uptime_ticks(real_now) // 100))
    yield _one("printer-impressions-completed", wire.INTEGER, device.life.total)


def reasons(device: Device) -> tuple[str, ...]:
    """State reasons with the suffix that says how bad it is."""
    words = (
        f"{complaint.reason}-{'error' if complaint.severity == CRITICAL else 'warning'}"
        for complaint in device.complaints
    )
    return tuple(dict.fromkeys(words))


def _supply_form(device: Device) -> Iterator[Attribute]:
    """PWG 5100.13 printer-supply, values as in the Printer-MIB."""
    rows, names = [], []
    for index, (supply, kind) in enumerate(zip(device.life.supplies, device.model.supplies, strict=True), 1):
        said = shown(supply, kind)
        facts = {
            "index": index,
            "class": "receptacleThatIsFilled" if kind.filled else "supplyThatIsConsumed",
            "type": _TYPE_WORDS[kind.type],
            "unit": _UNIT_WORDS[said.unit],
            "maxcapacity": said.capacity,
            "level": said.level,
            "colorantname": kind.color or "unknown",
        }
        rows.append("".join(f"{key}={value};" for key, value in facts.items()).encode())
        names.append(device.supply_name(index - 1))
    yield Attribute(name="printer-supply", tag=wire.OCTETS, values=tuple(rows))
    yield Attribute(name="printer-supply-description", tag=wire.TEXT, values=tuple(names))


def _marker_form(device: Device) -> Iterator[Attribute]:
    """The older marker attributes: lists side by side, levels in percent."""
    model, life = device.model, device.life
    both = [(supply, kind, shown(supply, kind)) for supply, kind in zip(life.supplies, model.supplies, strict=True)]
    yield _one("marker-names", wire.NAME, *(kind.name for _, kind, _ in both))
    yield _one(
        "marker-types", wire.KEYWORD, *("toner-cartridge" if k.type == TONER else "ink-cartridge" for _, k, _ in both)
    )
    yield _one("marker-colors", wire.NAME, *(_COLOR_CODES.get(kind.color or "", "none") for _, kind, _ in both))
    yield _one("marker-levels", wire.INTEGER, *(said.level for _, _, said in both))
    yield _one("marker-high-levels", wire.INTEGER, *(100 for _ in both))
    yield _one("marker-low-levels", wire.INTEGER, *(_ALWAYS_LOW for _ in both))
    if any(left(supply, kind) <= LOW_AT for supply, kind, _ in both):
        yield _one("marker-message", wire.TEXT, "Ink is running low.")


def _paper(device: Device) -> Iterator[Attribute]:
    rows = []
    for sheets, tray in zip(device.life.trays, device.model.trays, strict=True):
        kind = "sheetFeedManual" if tray.by_hand else "sheetFeedAutoRemovableTray"
        rows.append(
            f"type={kind};mediafeed=297000;mediaxfeed=210000;maxcapacity={tray.sheets};level={sheets};"
            f"status=0;name={tray.name};".encode()
        )
    yield Attribute(name="printer-input-tray", tag=wire.OCTETS, values=tuple(rows))


def _alerts(device: Device) -> Iterator[Attribute]:
    rows = [
        f"code={complaint.code};index={device.life.rows[complaint.key].index};severity={complaint.severity};"
        f"training={complaint.training};group={complaint.group};groupindex={complaint.group_index};".encode()
        for complaint in device.complaints
    ]
    yield Attribute(name="printer-alert", tag=wire.OCTETS, values=tuple(rows) or (b"code=other",))
    texts = tuple(complaint.text for complaint in device.complaints) or ("idle",)
    yield Attribute(name="printer-alert-description", tag=wire.TEXT, values=texts)


def ways(device: Device) -> tuple[Speaks, ...]:
    """Which of ipp and ipps it offers."""
    return tuple(way for way in (Speaks.IPP, Speaks.IPPS) if way in device.model.speaks)
