"""Settings: one TOML file to one dataclass. Unknown keys are refused, errors name file and path.

Secrets may be written as ``${ENV_NAME}``, or as ``<key>_file = "path"`` for a key of type Secret.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

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
    # Without its own hook a StrEnum goes the way of str.
    converter.register_structure_hook(StrEnum, lambda value, kind: kind(value))
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


def _secret_files(value: Any, into: Any, path: str, file: str) -> Any:
    """In every section: a key `<name>_file` beside a key `<name>` of type Secret stands for the text of that file."""
    if isinstance(value, list):
        inner = next(iter(get_args(into)), Any)
        return [_secret_files(item, inner, f"{path}[{i}]", file) for i, item in enumerate(value)]
    if not isinstance(value, dict) or not is_dataclass(into):
        return value
    kinds = get_type_hints(into)
    out: dict[str, Any] = {}
    for key, item in value.items():
        base = key.removesuffix("_file")
        if key not in kinds and kinds.get(base) is Secret:
            if base in value:
                raise SettingsError(f"{file}: {path}.{key}: {base} is given as well; keep one of the two")
            out[base] = _text_of(item, f"{file}: {path}.{key}")
        else:
            out[key] = _secret_files(item, kinds.get(key, Any), f"{path}.{key}", file)
    return out


def _text_of(path: Any, where: str) -> str:
    if not isinstance(path, str):
        raise SettingsError(f"{where}: expected the path of a file, not {path!r}")
    try:
        return Path(path).expanduser().read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{where}: {error.strerror}: {path}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{where}: is not a text in UTF-8: {path}") from error


def structure(raw: Mapping[str, Any], into: type[T], *, file: str = "settings") -> T:
    """`raw` as `into`; SettingsError names every wrong path, e.g. ``expected float @ $.poll.interval``."""
    # In this order: what stands in a secret's file is taken as it is, ${...} included.
    filled = _secret_files(_filled(dict(raw), "$", file), into, "$", file)
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
