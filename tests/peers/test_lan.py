"""The LAN itself: hosts reach each other, can move and be unplugged, and nothing stays behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.lan import Host, Lan, ip, remove_leftovers, wait_for

pytestmark = pytest.mark.lan

_ECHO = "import socket; s = socket.create_server(('', 7)); c = s.accept()[0]; c.sendall(c.recv(99))"


def test_hosts_reach_each_other_and_carry_their_own_names(lan: Lan) -> None:
    one, two = lan.host("one"), lan.host("two")
    two.spawn("echo", sys.executable, "-c", _ECHO)
    two.wait_until(lambda: two.listens_tcp(7), "echo")
    with one.connect(two.address, 7) as connection:
        connection.sendall(b"hello")
        assert connection.recv(99) == b"hello"
    assert one.run("hostname").stdout.strip() == "one"
    assert one.run("getent", "hosts", "two").stdout.split() == [two.address, "two"]


def test_a_moved_host_answers_at_its_new_address_only(lan: Lan) -> None:
    one, two = lan.host("one"), lan.host("two")
    before = two.address
    two.readdress("10.77.0.99")
    assert reaches(one, "10.77.0.99")
    assert not reaches(one, before)


def test_an_unplugged_host_is_silent_until_it_is_plugged_in(lan: Lan) -> None:
    one, two = lan.host("one"), lan.host("two")
    two.unplug()
    assert not reaches(one, two.address)
    two.plug()
    # The neighbour table remembers the failure for a moment.
    wait_for(lambda: reaches(one, two.address), "an answer of the plugged-in host", every=0.2)


def test_a_program_that_ends_at_once_is_reported_with_its_log(lan: Lan) -> None:
    host = lan.host("one")
    host.spawn("broken", "sh", "-c", "echo no such thing; exit 3")
    with pytest.raises(RuntimeError, match="no such thing"):
        host.wait_until(lambda: False, "broken")


def test_nothing_stays_behind(lan: Lan) -> None:
    with Lan() as other:
        process = other.host("one").spawn("sleep", "sleep", "1000")
    assert process.poll() is not None
    assert other.prefix not in ip("netns", "list")
    assert not other.folder.exists()


def test_what_a_killed_run_left_is_removed_by_the_next(lan: Lan) -> None:
    script = (
        "import os, signal; from tests.peers.lan import Lan; lan = Lan().__enter__(); "
        "lan.host('one').spawn('sleep', 'sleep', '1000'); print(lan.prefix, lan.folder, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)
    prefix, folder = killed.stdout.split()
    assert prefix in ip("netns", "list")
    remove_leftovers()
    assert prefix not in ip("netns", "list")
    assert not Path(folder).exists()
    assert lan.prefix in ip("netns", "list"), "the namespaces of a living run are left alone"
    assert str(os.getpid()) in lan.prefix


def reaches(host: Host, address: str) -> bool:
    """By a connection to a closed port: a refusal is an answer too."""
    try:
        host.connect(address, 9, timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True
