"""Settings: one TOML file to one dataclass. Unknown keys are refused, errors name file and path.

Secrets may be written as ``${ENV_NAME}``, or as ``<key>_file = "path"`` for a key of type Secret.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import cattrs
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.v import transform_error

from fleet.errors import SettingsError

T = TypeVar("T")


class Secret(str):
    """A text that does not show itself in logs and dumps."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"

    def reveal(self) -> str:
        return str.__str__(self)


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(Path, lambda value, _: Path(value).expanduser())
    converter.register_structure_hook(Secret, lambda value, _: Secret(value))
    for plain in (int, float, str, bool):
        converter.register_structure_hook(plain, _strictly(plain))
    return converter


def _strictly(plain: type) -> Any:
    def hook(value: Any, _: type) -> Any:
        if plain is float and type(value) is int:
            return float(value)
        if type(value) is not plain:
            raise TypeError(f"expected {plain.__name__}, not {value!r}")
        return value

    return hook


def _filled(value: Any, path: str, file: str) -> Any:
    """`value` with ${ENV} replaced and *_file read, all the way down."""
    if isinstance(value, str):

        def env(match: re.Match[str]) -> str:
            if match[1] not in os.environ:
                raise SettingsError(f"{file}: {path}: the environment has no {match[1]}; set it or write the value")
            return os.environ[match[1]]

        return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", env, value)
    if isinstance(value, list):
        return [_filled(item, f"{path}[{i}]", file) for i, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _filled(item, f"{path}.{key}", file) for key, item in value.items()}
    return value


def _secret_files(value: dict[str, Any], into: Any, path: str, file: str) -> dict[str, Any]:
    """For dataclass `into`: a key `<name>_file` that is no field itself stands for the contents of that file."""
    if not is_dataclass(into):
        return value
    names = {f.name for f in fields(into)}
    out: dict[str, Any] = {}
    for key, item in value.items():
        base = key.removesuffix("_file")
        if key not in names and base != key and base in names:
            try:
                out[base] = Path(item).expanduser().read_text("utf-8").strip()
            except OSError as error:
                raise SettingsError(f"{file}: {path}.{key}: {error.strerror}: {item}") from error
        else:
            out[key] = item
    return out


def structure(raw: Mapping[str, Any], into: type[T], *, file: str = "settings") -> T:
    """`raw` as `into`; SettingsError names every wrong path, e.g. ``expected float @ $.poll.interval``."""
    filled = _filled(_secret_files(dict(raw), into, "$", file), "$", file)
    try:
        return _converter().structure(filled, into)
    except (cattrs.BaseValidationError, ForbiddenExtraKeysError, TypeError, ValueError) as error:
        lines = transform_error(error, format_exception=_words)
        raise SettingsError("\n".join(f"{file}: {line}" for line in lines)) from error


def _words(error: BaseException, kind: type | None) -> str:
    if isinstance(error, ForbiddenExtraKeysError):
        known = ", ".join(sorted(f.name for f in fields(error.cl))) if is_dataclass(error.cl) else ""
        return f"unknown key {', '.join(sorted(error.extra_fields))} (known here: {known})"
    if isinstance(error, KeyError):
        return f"missing key {error.args[0]}"
    return str(error)


def load(path: Path, into: type[T]) -> T:
    """The settings in the TOML file at `path`."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    return structure(raw, into, file=str(path))


def shown(settings: Any) -> Any:
    """`settings` as plain values with secrets masked, for check-config."""
    if isinstance(settings, Secret):
        return "***" if settings else ""
    if is_dataclass(settings):
        return {f.name: shown(getattr(settings, f.name)) for f in fields(settings)}
    if isinstance(settings, list | tuple):
        return [shown(item) for item in settings]
    if isinstance(settings, Mapping):
        return {str(key): shown(item) for key, item in settings.items()}
    return settings if isinstance(settings, str | int | float | bool | type(None)) else str(settings)
