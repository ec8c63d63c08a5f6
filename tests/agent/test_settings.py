"""Settings: what is wrong is named with its path, the sample is complete and loads."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from agent.enrol import with_values
from agent.settings import (
    AgentSettings,
    NetworkSettings,
    RoundsSettings,
    SpoolSettings,
    load,
    sample,
    travels_openly,
    warnings,
)
from fleet.errors import SettingsError
from fleet.kit.config import shown


def loaded(folder: Path, text: str) -> AgentSettings:
    path = folder / "agent.toml"
    path.write_text(text)
    return load(path)


def test_the_sample_loads_as_it_is(tmp_path: Path) -> None:
    assert loaded(tmp_path, sample()) == load_empty(tmp_path)


def load_empty(folder: Path) -> AgentSettings:
    return loaded(folder, "")


def test_the_sample_names_every_key_and_loads_with_all_of_them(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=[a-z\[])", "", sample(), flags=re.MULTILINE)
    text = text.replace("/etc/pagewarden/collector-ca.pem", __file__)
    written = tomllib.loads(text)
    sections = {"rounds", "spool", "networks"}
    assert set(written) == {f.name for f in fields(AgentSettings)}
    assert set(written["rounds"]) == {f.name for f in fields(RoundsSettings)}
    assert set(written["spool"]) == {f.name for f in fields(SpoolSettings)}
    assert set(written["networks"][0]) == {f.name for f in fields(NetworkSettings)}
    assert sections <= set(written)
    assert loaded(tmp_path, text).networks[0].cidr == "192.168.1.0/24"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agent_idd = 'x'", "agent_idd"),
        ("[rounds]\nstatus_seconds = 'often'", "rounds.status_seconds"),
        ("[rounds]\nstatus_seconds = 0", "more than 0"),
        ("[rounds]\njitter = 2", "jitter is between 0 and 0.5"),
        ("[spool]\nmax_bytes = 5000", "at least two batches"),
        ("collector_url = 'fleet.example.com'", "begins with https://"),
        ("[[networks]]", "cidr"),
        ("[[networks]]\ncidr = '10.0.0.5/24'", "the network is 10.0.0.0/24"),
        ("[[networks]]\ncidr = 'office'", "is not a network"),
        ("[[networks]]\ncidr = '10.0.0.0/8'", "larger than a /16"),
        ("[[networks]]\ncidr = '127.0.0.0/24'", "allow_loopback"),
        ("[[networks]]\ncidr = '224.0.0.0/24'", "holds no devices"),
        ("[[networks]]\ncidr = '169.254.0.0/16'", "holds no devices"),
        ("[[networks]]\ncidr = '10.0.0.0/24'\naddresses = ['10.0.1.5']", "10.0.1.5 is not in 10.0.0.0/24"),
        ("[[networks]]\ncidr = '10.0.0.0/24'\nipp_ports = [0]", "no port 0"),
        ("[[networks]]\ncidr = '10.0.0.0/24'\n[[networks.snmp]]\nversion = '4'", "version is"),
        ("[[networks]]\ncidr = '10.0.0.0/24'\n[[networks.snmp]]\nversion = '3'", "needs a user"),
        ("ca_file = 'nowhere.pem'", "nowhere.pem"),
        ("agent_key = '${PAGEWARDEN_NOT_SET}'", "PAGEWARDEN_NOT_SET"),
        ("x = [", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text)
    assert said in str(caught.value)
    assert "agent.toml" in str(caught.value)


def test_credentials_are_tried_version_3_first(tmp_path: Path) -> None:
    text = "[[networks]]\ncidr = '10.0.0.0/24'\n" + "".join(
        f"[[networks.snmp]]\nversion = '{version}'\nuser = 'u'\n" for version in ("1", "3", "2c")
    )
    assert [c.version for c in loaded(tmp_path, text).networks[0].credentials] == ["3", "2c", "1"]


def test_secrets_do_not_show(tmp_path: Path) -> None:
    text = "agent_key = 's3cret'\n[[networks]]\ncidr = '10.0.0.0/24'\npjlink_password = 's3cret'\n"
    settings = loaded(tmp_path, text + "[[networks.snmp]]\ncommunity = 's3cret'")
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(shown(settings))


def test_a_relative_state_folder_is_meant_from_the_file(tmp_path: Path) -> None:
    assert loaded(tmp_path, "state_dir = 'state'").state_dir == tmp_path / "state"


@pytest.mark.parametrize(
    ("url", "openly"),
    [
        ("http://fleet.example.com", True),
        ("http://10.0.0.1:8060/x", True),
        ("https://fleet.example.com", False),
        ("http://127.0.0.1:8060", False),
        ("http://localhost:8060", False),
        ("http://[::1]:8060", False),
        ("http://localhost.example.com", True),
    ],
)
def test_a_key_in_the_open_is_noticed(url: str, openly: bool) -> None:
    assert travels_openly(url) is openly
    told = any("unencrypted" in note for note in warnings(AgentSettings(collector_url=url, agent_key="k")))  # type: ignore[arg-type]
    assert told is openly


VALUES = {"collector_url": "https://c", "agent_id": "a-1", "agent_key_file": "/s/agent.key", "name": 'the "front" desk'}


@pytest.mark.parametrize(
    "before",
    [
        "",
        sample(),
        "name = 'old'\n[rounds]\nstatus_seconds = 1.0\n",
        "agent_key = 'old'\n#agent_key_file = 'x'\ncollector_url = 'http://old'\n[[networks]]\ncidr = '10.0.0.0/24'\n",
        with_values(sample(), {**VALUES, "agent_id": "old"}),
    ],
    ids=["nothing", "sample", "sections", "enrolled with the key inside", "enrolled before"],
)
def test_enrolling_writes_into_any_settings_file(before: str) -> None:
    after = tomllib.loads(with_values(before, VALUES))
    kept = {key: value for key, value in tomllib.loads(before).items() if key != "agent_key"}
    assert after == kept | VALUES
