"""A simulated office: devices with lives of their own that speak real protocols on loopback addresses.

    catalogue ──> life (pure: what happens there) ──> complaints ──> answers ──> snmp, ipp, escl, pjlink, mdns

It knows neither agent nor collector, so that what they say to each other over sockets is honest.
"""
