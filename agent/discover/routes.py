"""Whether this machine has a way to a network at all. Nothing is sent to find out."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from agent.settings import NetworkSettings

PLACES = 256
"""Addresses looked at per network, evenly spread: a wide network may be routed in part."""
NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


def trouble_of(settings: NetworkSettings, known: Iterable[str] = ()) -> str | None:
    """What is wrong, with the way out, where no address of the network (nor a `known` one in it) has a route."""
    network = settings.network
    step = max(1, network.num_addresses // PLACES)
    first = 1 if network.num_addresses > 1 else 0
    spread = (str(network[place]) for place in range(first, network.num_addresses, step))
    reason = None
    for address in (*known, *spread):
        reason = _no_way(address)
        if reason is None:
            return None
    return (
        f"the network {settings.cidr} cannot be reached from this machine ({reason}): add a route to it, "
        "or take it out of [[networks]]; it is tried again at each search, and the other networks go on"
    )


def _no_way(address: str) -> str | None:
    """The system's words where it has no route. connect() of a datagram socket looks up the route and sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError as error:
        return error.strerror if error.errno in NO_WAY else None
    return None
