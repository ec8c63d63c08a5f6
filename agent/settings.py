"""The agent's settings: one TOML file, every key with a default, a commented sample made from the same fields."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from agent.probes.probe import SnmpCredential
from fleet.errors import SettingsError
from fleet.kit.config import Secret
from fleet.kit.config import load as load_toml

T = TypeVar("T")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SWEEP_WARNS_ABOVE = 2**12
SWEEP_REFUSES_ABOVE = 2**16
"""Addresses in one network: a sweep of more than a /20 is worth a warning, of more than a /16 it is refused."""


def _setting(text: str, default: T, *, example: str | None = None) -> T:
    """A field with its line of help for the sample. `example` is shown where the default says too little."""
    made: T = field(default=default, metadata={"help": text, "example": example})
    return made


def default_config() -> Path:
    """Where the configuration is looked for when nobody names one."""
    if os.geteuid() == 0:
        return Path("/etc/pagewarden/agent.toml")
    return Path.home() / ".config/pagewarden/agent.toml"


def default_state() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/pagewarden/agent")
    return Path.home() / ".local/state/pagewarden/agent"


_PUBLIC = (SnmpCredential(version="2c"), SnmpCredential(version="1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """One network the agent may enter. Nothing outside the configured networks is ever contacted."""

    cidr: str = field(metadata={"help": "The network, as address/bits.", "example": '"192.168.1.0/24"'})
    exclude: tuple[str, ...] = _setting(
        "Addresses or parts of the network to leave alone.", (), example='["192.168.1.1", "192.168.1.128/26"]'
    )
    addresses: tuple[str, ...] = _setting(
        "Devices to ask even if no search finds them: addresses or host names inside this network.",
        (),
        example='["192.168.1.50"]',
    )
    sweep: bool = _setting("Ask every address once by SNMP and by a TCP connect, at a rate the network bears.", True)
    mdns: bool = _setting("Listen to what devices announce by mDNS (Bonjour).", True)
    snmp_port: int = _setting("UDP port of SNMP.", 161)
    ipp_ports: tuple[int, ...] = _setting("TCP ports where IPP is looked for.", (631,))
    escl_ports: tuple[int, ...] = _setting("TCP ports where scanners (eSCL) are looked for.", (80, 443))
    pjlink_port: int = _setting("TCP port of PJLink projectors; 0 = do not look for projectors.", 4352)
    pjlink_password: Secret = _setting("The projectors' PJLink password, if they have one.", Secret(""))
    allow_loopback: bool = _setting("Needed for networks inside 127.0.0.0/8, as for simulated devices.", False)
    snmp: tuple[SnmpCredential, ...] = field(default=_PUBLIC, metadata={"help": ""})

    def __post_init__(self) -> None:
        net = parsed_network(self.cidr)
        if net.is_loopback and not self.allow_loopback:
            raise ValueError(f"{self.cidr} is this machine itself; if that is meant, add allow_loopback = true")
        if net.is_multicast or (net.is_link_local and net.version == 4):
            raise ValueError(f"{self.cidr} holds no devices (multicast or link-local)")
        if self.sweep and net.version == 4 and net.num_addresses > SWEEP_REFUSES_ABOVE:
            raise ValueError(f"{self.cidr} is larger than a /16: split it, or set sweep = false and list addresses")
        for part in self.exclude:
            parsed_network(part)
        for address in self.addresses:
            if (literal := parsed_address(address)) is not None and literal not in net:
                raise ValueError(f"addresses: {address} is not in {self.cidr}; give it a [[networks]] of its own")
        for port in (self.snmp_port, *self.ipp_ports, *self.escl_ports, self.pjlink_port or 1):
            if not 1 <= port <= 65535:
                raise ValueError(f"there is no port {port}")
        for credential in self.snmp:
            _check_credential(credential)

    @property
    def network(self) -> Network:
        return parsed_network(self.cidr)

    @property
    def credentials(self) -> tuple[SnmpCredential, ...]:
        """In the order they are tried: version 3 first, then 2c, then 1."""
        return tuple(sorted(self.snmp, key=lambda credential: ("3", "2c", "1").index(credential.version)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsSettings:
    """How often devices are asked."""

    status_seconds: float = _setting("Between two short looks at one device.", 60.0)
    full_seconds: float = _setting("Between two full readings of one device.", 900.0)
    discovery_seconds: float = _setting("Between two searches for new devices.", 14400.0)
    jitter: float = _setting("Each interval varies by this part, so that devices are not asked in step.", 0.1)
    concurrency: int = _setting("Devices asked at the same time, at most.", 32)
    deadline_seconds: float = _setting("Longest time one device may take to answer a round.", 30.0)
    silent_after: int = _setting("Rounds without any answer before a device counts as silent.", 3)
    backoff_cap_seconds: float = _setting("Longest pause between two looks at a silent device.", 1800.0)
    asleep_factor: float = _setting("A sleeping device is asked this many times more rarely.", 4.0)

    def __post_init__(self) -> None:
        _positive(self, ("status_seconds", "full_seconds", "discovery_seconds", "deadline_seconds", "concurrency"))
        _positive(self, ("silent_after", "backoff_cap_seconds", "asleep_factor"))
        if not 0 <= self.jitter <= 0.5:
            raise ValueError(f"jitter is between 0 and 0.5, not {self.jitter}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolSettings:
    """The store that keeps readings until the collector has them."""

    max_bytes: int = _setting("Budget on disk; beyond it the oldest samples go first, and are counted.", 256 * 2**20)
    batch_bytes: int = _setting("Size of one batch before compression.", 2**20)

    def __post_init__(self) -> None:
        if not 4096 <= self.batch_bytes <= 8 * 2**20:
            raise ValueError(f"batch_bytes is between 4096 and 8388608, not {self.batch_bytes}")
        if self.max_bytes < 2 * self.batch_bytes:
            raise ValueError("max_bytes must hold at least two batches")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """Everything the agent can be told."""

    collector_url: str = _setting("The collector; 'pagewarden agent enrol' fills this in.", "")
    agent_id: str = _setting("Who this agent is at the collector; filled in by enrol.", "")
    agent_key: Secret = _setting(
        'The key that proves it; better as agent_key_file = "path", as enrol writes it.', Secret("")
    )
    ca_file: Path | None = _setting("Certificate authority of the collector, if it is not a public one.", None)
    state_dir: Path = field(
        default_factory=default_state,
        metadata={
            "help": "Where the agent keeps its spool and its list of devices.",
            "example": '"/var/lib/pagewarden/agent"',
        },
    )
    rows_dir: Path | None = _setting(
        "Folder of your own rows on devices (vendors/, supplies/, causes/), read beside those of the program.",
        None,
        example='"/etc/pagewarden/rows"',
    )
    name: str = field(
        default_factory=socket.gethostname,
        metadata={"help": "What people call this agent.", "example": '"reception"'},
    )
    heartbeat_seconds: float = _setting("Longest silence towards the collector.", 30.0)
    linger_seconds: float = _setting("A reading waits this long for others to travel with.", 1.0)
    log_json: bool = _setting("Log as JSON lines.", False)
    rounds: RoundsSettings = field(default_factory=RoundsSettings)
    spool: SpoolSettings = field(default_factory=SpoolSettings)
    networks: tuple[NetworkSettings, ...] = ()

    def __post_init__(self) -> None:
        _positive(self, ("heartbeat_seconds",))
        if self.collector_url and not self.collector_url.startswith(("http://", "https://")):
            raise ValueError(f"collector_url begins with https:// (or http://), not {self.collector_url!r}")


def load(path: Path) -> AgentSettings:
    """The settings in `path`; relative paths in it are meant from the file's own place."""
    settings, place = load_toml(path, AgentSettings), path.absolute().parent
    ca_file = place / settings.ca_file if settings.ca_file else None
    if ca_file and not ca_file.is_file():
        raise SettingsError(f"{path}: $.ca_file: there is no file {ca_file}")
    rows_dir = place / settings.rows_dir if settings.rows_dir else None
    return replace(settings, state_dir=place / settings.state_dir, ca_file=ca_file, rows_dir=rows_dir)


def parsed_network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        try:
            meant = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ValueError(f"{text!r} is not a network such as 192.168.1.0/24") from error
        raise ValueError(f"{text!r} is an address inside a network; the network is {meant}") from error


def parsed_address(text: str) -> Address | None:
    """The address that `text` is, or None where it is a host name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _check_credential(credential: SnmpCredential) -> None:
    if credential.version not in ("1", "2c", "3"):
        raise ValueError(f'snmp: version is "1", "2c" or "3", not {credential.version!r}')
    if credential.version == "3" and not credential.user:
        raise ValueError("snmp: version 3 needs a user")
    if credential.priv_protocol and not credential.auth_protocol:
        raise ValueError("snmp: privacy needs authentication too (auth_protocol, auth_key)")


def _positive(settings: object, names: Iterable[str]) -> None:
    for name in names:
        if getattr(settings, name) <= 0:
            raise ValueError(f"{name} is more than 0, not {getattr(settings, name)}")


def warnings(settings: AgentSettings) -> list[str]:
    """What is allowed but worth a thought."""
    notes = []
    if not settings.collector_url or not settings.agent_key:
        notes.append("not enrolled: readings are kept here; run 'pagewarden agent enrol URL TOKEN'")
    elif travels_openly(settings.collector_url):
        notes.append("collector_url begins with http://: the agent's key crosses the network unencrypted")
    if any(c.version != "3" for network in settings.networks for c in network.snmp):
        notes.append("SNMP 1 and 2c are readable on the network; version 3 with privacy is not")
    if not settings.networks:
        notes.append("no [[networks]] configured: the network of this machine is used")
    return notes


def travels_openly(url: str) -> bool:
    """Whether the key would cross a network unencrypted."""
    parts = urlsplit(url)
    try:
        is_local = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        is_local = parts.hostname == "localhost"
    return parts.scheme == "http" and not is_local


_SNMP_SAMPLE = """
# Ways in by SNMP, tried in this order: version 3, 2c, 1. Without any, the community "public" is tried.
# Secrets may be written as ${NAME_OF_AN_ENVIRONMENT_VARIABLE}.
#[[networks.snmp]]
#version = "3"
#user = "monitor"
#auth_protocol = "SHA-256"
#auth_key = "..."
#priv_protocol = "AES-128"
#priv_key = "..."

#[[networks.snmp]]
#version = "2c"
#community = "public"
"""


def sample() -> str:
    """A configuration file with every key, its help and its default, all commented out."""
    parts = ["# Pagewarden agent. A line beginning with '#name =' shows a key with its default or an example.\n"]
    parts += [_sample_line(f) for f in fields(AgentSettings) if f.name not in ("rounds", "spool", "networks")]
    for name, kind in (("rounds", RoundsSettings), ("spool", SpoolSettings)):
        parts += [f"\n# {kind.__doc__}\n#[{name}]\n", *(_sample_line(f) for f in fields(kind))]
    parts += [
        f"\n# {NetworkSettings.__doc__}\n"
        "# Repeat the section for each network. Without any, the network of this machine is used, up to a /22.\n"
        "#[[networks]]\n",
        *(_sample_line(f) for f in fields(NetworkSettings) if f.name != "snmp"),
        _SNMP_SAMPLE,
    ]
    return "".join(parts)


def _sample_line(setting: Field[Any]) -> str:
    default = setting.default_factory() if setting.default_factory is not MISSING else setting.default
    value = setting.metadata.get("example") or _toml(default)
    return f"# {setting.metadata['help']}\n#{setting.name} = {value}\n"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(str(value) if value is not None else "/etc/pagewarden/collector-ca.pem")
