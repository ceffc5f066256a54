"""What the hub needs to start: a TOML file, overridden by the environment, overridden by the command line.

What the desk may change while the room is open is not here but in the database (hub.domain.house).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "POSTE_HUB_"
"""POSTE_HUB_LISTEN overrides `listen`, and so on."""
MANAGED = "managed"
LOG_LEVELS = ("debug", "info", "warning", "error")

Address = tuple[str, int]


class SettingsError(Exception):
    """The configuration is wrong; the text names the file and line, the variable or the option, and what is right."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a hub process needs. Addresses are host and port; port 0 means any free one."""

    data: Path = Path("poste-data")
    listen: Address = ("127.0.0.1", 8400)
    broker: str = MANAGED
    mqtt_listen: Address = ("127.0.0.1", 8883)
    broker_password: str = field(default="", repr=False)
    broker_ca: Path | None = None
    database: str = field(default="", repr=False)
    """`postgres://…`, or empty for the SQLite file in the data folder."""
    hosts: tuple[str, ...] = ()
    """Names, beside the address it listens on, by which browsers may call the hub (a proxy's, say)."""
    log_level: str = "info"

    @property
    def managed(self) -> bool:
        """Whether the hub runs its own broker."""
        return self.broker == MANAGED

    @property
    def database_at(self) -> str | Path:
        """Where the database is: an address, or the path of a file."""
        return self.database or self.data / "hub.sqlite3"


def load_settings(path: Path | None, environ: Mapping[str, str], options: Mapping[str, object]) -> Settings:
    """The three sources as one; relative paths of a file are taken from its folder. SettingsError when one is wrong."""
    settings = Settings()
    if path is not None:
        settings = _from_file(path, settings)
    names = {f"{PREFIX}{item.name}".upper(): item.name for item in fields(Settings)}
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            if variable not in names:
                raise SettingsError(f"{variable} (environment): no such setting{_nearest(variable, names)}")
            value: object = text.split(",") if names[variable] == "hosts" else text
            settings = _with(settings, names[variable], value, f"{variable} (environment)")
    for name, option in options.items():
        if option is not None:
            settings = _with(settings, name, option, f"--{name.replace('_', '-')}")
    return settings


def _from_file(path: Path, settings: Settings) -> Settings:
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    known = [item.name for item in fields(Settings)]
    for name, value in document.items():
        where = f"{path}: line {_line_of(text, name)}"
        if name not in known:
            raise SettingsError(f"{where}: unknown key {name!r}{_nearest(name, known)}")
        settings = _with(settings, name, value, where)
    if "data" in document:
        settings = replace(settings, data=path.parent / settings.data)
    if settings.broker_ca is not None:
        settings = replace(settings, broker_ca=path.parent / settings.broker_ca)
    return settings


def _line_of(text: str, name: str) -> int:
    """The line, from 1, of a key or table at the top of a TOML text."""
    wanted = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*[\].=]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if wanted.match(line)), 1)


def _with(settings: Settings, name: str, value: object, where: str) -> Settings:
    try:
        read: Any = _READ[name](value)
    except ValueError as error:
        raise SettingsError(f"{where}: {name} {error}") from None
    return replace(settings, **{name: read})


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError("must be a text that is not empty")
    return value


def _path(value: object) -> Path:
    return Path(_text(str(value) if isinstance(value, Path) else value)).expanduser()


def _address(value: object) -> Address:
    host, colon, port = _text(value).rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8400")
    return host, int(port)


def _broker(value: object) -> str:
    text = _text(value)
    parts = urlsplit(text)
    if text != MANAGED and (parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname):
        raise ValueError(f"must be {MANAGED!r}, or an address such as mqtts://hub@broker.example:8883")
    if parts.password is not None:
        raise ValueError("must not hold the password: give that as broker_password, or POSTE_HUB_BROKER_PASSWORD")
    return text


def _database(value: object) -> str:
    text = _text(value)
    if not text.startswith(("postgres://", "postgresql://")):
        raise ValueError("must be an address such as postgres://poste@db.example/poste; SQLite needs none")
    return text


def _hosts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("must be a list of names")
    return tuple(_text(item) for item in value)


def _log_level(value: object) -> str:
    if value not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return str(value)


_READ = {
    "data": _path,
    "listen": _address,
    "broker": _broker,
    "mqtt_listen": _address,
    "broker_password": _text,
    "broker_ca": _path,
    "database": _database,
    "hosts": _hosts,
    "log_level": _log_level,
}


def _nearest(word: str, right: Iterable[str]) -> str:
    known = list(right)
    near = difflib.get_close_matches(word, known, n=1)
    return f": did you mean {near[0]!r}?" if near else f" (known: {', '.join(known)})"
