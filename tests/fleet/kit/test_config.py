"""Settings: what is wrong is named by file and path, and secrets stay secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest

from fleet.errors import SettingsError
from fleet.kit.config import Secret, load, shown, structure


class Tls(StrEnum):
    NONE = "none"
    START = "starttls"


@dataclass(frozen=True, kw_only=True)
class Mail:
    tls: Tls = Tls.NONE
    host: str = ""
    port: int = 25
    password: Secret = Secret("")


@dataclass(frozen=True, kw_only=True)
class Network:
    cidr: str
    community: Secret = Secret("public")


@dataclass(frozen=True, kw_only=True)
class Settings:
    interval_seconds: float = 60.0
    key: Secret = Secret("")
    data: Path = Path("data")
    mail: Mail = field(default_factory=Mail)
    networks: tuple[Network, ...] = ()


def wrong(text: str, tmp_path: Path) -> str:
    file = tmp_path / "agent.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, Settings)
    assert all(line.startswith(f"{file}: ") for line in str(caught.value).splitlines())
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('interval_seconds = "often"', ["$.interval_seconds", "expected float"]),
        ("interval_seconds = true", ["$.interval_seconds"]),
        ("[mail]\nport = 25.5", ["$.mail.port", "expected int"]),
        ("[mail]\nprot = 25", ["$.mail", "unknown key prot", "host, password, port, tls"]),
        ('[[networks]]\ncidr = "10.0.0.0/24"\n[[networks]]\ncidr = 5', ["$.networks[1].cidr"]),
        ("[[networks]]\n", ["$.networks[0]", "missing key cidr"]),
        ('key = "${PAGEWARDEN_NO_SUCH_NAME}"', ["$.key", "PAGEWARDEN_NO_SUCH_NAME"]),
        ('key_file = "/no/such/file"', ["$.key_file", "No such file", "/no/such/file"]),
        ("key_file = 5", ["$.key_file", "path"]),
        ('key = "a"\nkey_file = "b"', ["$.key_file", "key is given as well"]),
        ('[mail]\ntls = "ssl"', ["$.mail.tls", "ssl"]),
        ('[mail]\npassword_file = "/no/such/file"', ["$.mail.password_file"]),
        ('data_file = "x"', ["unknown key data_file"]),
        ("interval_seconds = \n", ["is not TOML", "line 1"]),
        ("mail = 5", ["$.mail"]),
        ("networks = 5", ["$.networks"]),
    ],
)
def test_an_error_names_file_and_path(text: str, words: list[str], tmp_path: Path) -> None:
    said = wrong(text, tmp_path)
    assert all(word in said for word in words), said


def test_two_wrong_keys_are_named_at_once(tmp_path: Path) -> None:
    said = wrong('interval_seconds = "x"\n[mail]\nport = "y"', tmp_path)
    assert "$.interval_seconds" in said
    assert "$.mail.port" in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.toml: cannot be read"):
        load(tmp_path / "nothing.toml", Settings)


def test_secrets_come_from_files_in_every_section(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("literal ${HOME}\n", "utf-8")
    raw = {
        "mail": {"password_file": str(tmp_path / "pass")},
        "networks": [{"cidr": "x", "community_file": str(tmp_path / "pass")}],
    }
    settings = structure(raw, Settings)
    assert settings.mail.password.reveal() == "literal ${HOME}"
    assert settings.networks[0].community.reveal() == "literal ${HOME}"


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONER_PASSWORD", "s3cret")
    settings = structure({"mail": {"password": "${TONER_PASSWORD}"}}, Settings)
    assert settings.mail.password.reveal() == "s3cret"


def test_secrets_show_in_no_dump() -> None:
    settings = structure({"key": "s3cret", "mail": {"password": "s3cret"}, "networks": [{"cidr": "x"}]}, Settings)
    assert "s3cret" not in f"{settings!r} {shown(settings)}"
    assert shown(settings)["mail"] == {"tls": "none", "host": "", "port": 25, "password": "***"}
    assert shown(settings)["networks"] == [{"cidr": "x", "community": "***"}]
