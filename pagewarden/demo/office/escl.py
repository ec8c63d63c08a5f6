"""eSCL of one scanner: capabilities and status, and nothing that would scan."""

from __future__ import annotations

from xml.sax.saxutils import escape

from aiohttp import web

from pagewarden.demo.office.device import Activity, Device
from pagewarden.demo.office.life import Trouble

ROOT = "/eSCL"
_SPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'

_LIMITS = """<scan:MinWidth>591</scan:MinWidth><scan:MaxWidth>2551</scan:MaxWidth>
    <scan:MinHeight>591</scan:MinHeight><scan:MaxHeight>4205</scan:MaxHeight>"""
_PLATEN = f"""  <scan:Platen><scan:PlatenInputCaps>
    {_LIMITS}</scan:PlatenInputCaps></scan:Platen>
"""
_FEEDER = f"""  <scan:Adf><scan:AdfSimplexInputCaps>
    {_LIMITS}</scan:AdfSimplexInputCaps>
    <scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf>
"""


def application(device: Device) -> web.Application:
    """The scanner's web service."""

    async def capabilities(_: web.Request) -> web.Response:
        return web.Response(text=capabilities_xml(device), content_type="text/xml")

    async def status(_: web.Request) -> web.Response:
        return web.Response(text=status_xml(device), content_type="text/xml")

    app = web.Application(client_max_size=16 * 1024)
    app.add_routes([web.get(f"{ROOT}/ScannerCapabilities", capabilities), web.get(f"{ROOT}/ScannerStatus", status)])
    return app


def capabilities_xml(device: Device) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {_SPACES}>
  <pwg:Version>2.63</pwg:Version>
  <pwg:MakeAndModel>{escape(device.model.label)}</pwg:MakeAndModel>
  <pwg:SerialNumber>{escape(device.life.serial)}</pwg:SerialNumber>
  <scan:UUID>{device.uuid}</scan:UUID>
  <scan:AdminURI>http://{escape(device.host_name)}.local./</scan:AdminURI>
{_PLATEN if device.model.prints else ""}{_FEEDER}</scan:ScannerCapabilities>
"""


def status_xml(device: Device) -> str:
    jammed = Trouble.JAM in device.life.troubles
    state = {Activity.PRINTING: "Processing", Activity.STOPPED: "Stopped"}.get(device.activity, "Idle")
    feeder = "ScannerAdfJam" if jammed else "ScannerAdfProcessing" if state == "Processing" else "ScannerAdfEmpty"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus {_SPACES}>
  <pwg:Version>2.63</pwg:Version>
  <pwg:State>{state}</pwg:State>
  <scan:AdfState>{feeder}</scan:AdfState>
</scan:ScannerStatus>
"""
