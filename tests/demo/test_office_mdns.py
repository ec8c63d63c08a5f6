"""A device without SNMP says by mDNS that it is there."""

from __future__ import annotations

import asyncio

from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from tests.demo.conftest import Running
from tests.peers.needs import give_up

IPP = "_ipp._tcp.local."


async def test_it_announces_where_it_prints(office: Running) -> None:
    device = office.device("OfficeJet")
    try:
        zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    except OSError as error:
        give_up(f"no multicast on the loopback interface here: {error}")
    names: asyncio.Queue[str] = asyncio.Queue()

    def seen(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        names.put_nowait(name)

    browser = AsyncServiceBrowser(zeroconf.zeroconf, [IPP], handlers=[seen])
    try:
        async with asyncio.timeout(20):
            while True:
                info = AsyncServiceInfo(IPP, await names.get())
                await info.async_request(zeroconf.zeroconf, 3000)
                if info.port == office.port("ipp") and device["address"] in info.parsed_addresses():
                    break
        assert info.properties[b"ty"] == b"HP OfficeJet Pro 9020 series"
        assert info.properties[b"rp"] == b"ipp/print"
    finally:
        await browser.async_cancel()
        await zeroconf.async_close()
