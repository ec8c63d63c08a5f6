"""Where the agent may go."""

from __future__ import annotations

import pytest

from agent.discover.territory import SWEEP_RATE, Territory, cost, proposal
from agent.settings import NetworkSettings

OFFICE = NetworkSettings(cidr="10.1.2.0/24", exclude=("10.1.2.7", "10.1.2.128/25"))
HALL = NetworkSettings(cidr="10.1.3.0/28", sweep=False)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("10.1.2.1", True),
        ("10.1.2.127", True),
        ("10.1.3.4", True),
        ("10.1.2.7", False),
        ("10.1.2.200", False),
        ("10.1.2.0", False),
        ("10.1.3.15", False),
        ("10.1.4.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("printer.example", False),
        ("", False),
        ("10.1.2.1%eth0", True),
    ],
)
def test_only_inside_the_networks_and_outside_the_exclusions(address: str, allowed: bool) -> None:
    assert (Territory([OFFICE, HALL]).of(address) is not None) is allowed


def test_a_sweep_leaves_out_what_is_excluded_and_networks_that_want_none() -> None:
    swept = dict(Territory([OFFICE, HALL]).swept())
    assert list(swept) == [OFFICE]
    assert len(swept[OFFICE]) == 126
    assert "10.1.2.7" not in swept[OFFICE]


def test_an_address_in_two_networks_is_swept_once() -> None:
    wide, narrow = NetworkSettings(cidr="10.1.0.0/22"), NetworkSettings(cidr="10.1.2.0/24", snmp_port=1161)
    swept = [address for _, addresses in Territory([narrow, wide]).swept() for address in addresses]
    assert len(swept) == len(set(swept))
    assert Territory([narrow, wide]).of("10.1.2.9") is narrow


def test_the_cost_is_told_and_a_large_network_warned_of() -> None:
    small, large = cost(Territory([OFFICE])), cost(Territory([NetworkSettings(cidr="10.0.0.0/19")]))
    assert (small.addresses, small.warnings) == (126, ())
    assert small.packets > 2 * small.addresses
    assert large.addresses == 8190
    assert large.seconds >= large.addresses / SWEEP_RATE
    assert "larger than a /20" in large.warnings[0]


def test_a_single_address_is_a_network_too() -> None:
    assert Territory([NetworkSettings(cidr="10.0.0.5/32")]).of("10.0.0.5") is not None


def test_the_own_network_is_proposed_never_loopback_and_never_too_large() -> None:
    proposed = proposal()
    for network in proposed.networks:
        assert not network.network.is_loopback
        assert network.network.prefixlen >= 22
    assert ("using the network of this machine" in proposed.text) is bool(proposed.networks)


def test_a_network_that_is_too_large_is_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [("127.0.0.1", 8), ("10.44.5.6", 8), ("169.254.3.4", 16), ("192.0.2.9", 31)]
    monkeypatch.setattr("agent.discover.territory.interface_addresses", lambda: own)
    proposed = proposal()
    assert [network.cidr for network in proposed.networks] == ["10.44.4.0/22"]
    assert "only the /22 around 10.44.5.6/8" in proposed.text


def test_no_network_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.discover.territory.interface_addresses", lambda: [("127.0.0.1", 8)])
    assert proposal().networks == ()
    assert "[[networks]]" in proposal().text
