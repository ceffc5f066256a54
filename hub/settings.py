"""What the hub needs to start: a TOML file, overridden by the environment, overridden by the command line.

What the desk may change while the room is open is not here but in the database (hub.domain.house).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from firmware_config.toml_text import line_of, nearest

PREFIX = "POSTE_HUB_"
"""POSTE_HUB_LISTEN overrides `listen`, and so on."""
MANAGED = "managed"
_LISTS = ("hosts", "cors")
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9._-]+", re.ASCII | re.IGNORECASE)
LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("human", "json")

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
    broker_cert: Path | None = None
    broker_key: Path | None = None
    broker_for_posts: Address | None = None
    """Where nodes find a broker that runs elsewhere, when it has another listener for them; see `broker-config`."""
    database: str = field(default="", repr=False)
    """`postgres://…`, or empty for the SQLite file in the data folder."""
    hosts: tuple[str, ...] = ()
    """Names, beside the address it listens on, by which browsers may call the hub (a proxy's, say)."""
    cors: tuple[str, ...] = ()
    """Origins of other sites whose pages may use the API, with a token and never with the panel's cookie."""
    behind_tls: bool = False
    """A proxy on this machine speaks TLS for the panel and passes Host and X-Forwarded-For on."""
    log_level: str = "info"
    log_format: str = "human"
    backup_folder: Path | None = None
    """Where the nightly backups go; None for no such backups."""
    backup_hour: int = 3
    backups_kept: int = 14
    home_assistant: bool = False
    """Whether posts and hub describe themselves to Home Assistant over MQTT."""

    @property
    def managed(self) -> bool:
        """Whether the hub runs its own broker."""
        return self.broker == MANAGED

    @property
    def database_at(self) -> str | Path:
        """Where the database is: an address, or the path of a file."""
        return self.database or self.data / "hub.sqlite3"


def written(address: Address) -> str:
    """An address as options and URLs have it: HOST:PORT, an IPv6 host in brackets."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def load_settings(path: Path | None, environ: Mapping[str, str], options: Mapping[str, object]) -> Settings:
    """The three sources as one; relative paths of a file are taken from its folder. SettingsError when one is wrong."""
    settings = Settings()
    if path is not None:
        settings = _from_file(path, settings)
    names = {f"{PREFIX}{item.name}".upper(): item.name for item in fields(Settings)}
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            if variable not in names:
                raise SettingsError(f"{variable} (environment): no such setting{nearest(variable, names)}")
            value: object = [item.strip() for item in text.split(",")] if names[variable] in _LISTS else text
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
        where = f"{path}: line {line_of(text, name)}"
        if name not in known:
            raise SettingsError(f"{where}: unknown key {name!r}{nearest(name, known)}")
        settings = _with(settings, name, value, where)
    if "data" in document:
        settings = replace(settings, data=path.parent / settings.data)
    for name in ("broker_ca", "broker_cert", "broker_key", "backup_folder"):
        given = getattr(settings, name)
        if name in document and given is not None:
            settings = replace(settings, **{name: path.parent / given})
    return settings


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
    try:
        return Path(_text(str(value) if isinstance(value, Path) else value)).expanduser()
    except RuntimeError:
        raise ValueError("must not begin with ~ and a name that nobody has here") from None


def _address(value: object) -> Address:
    host, colon, port = _text(value).rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not _is_host(host) or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8400")
    return host, int(port)


def _is_host(text: str) -> bool:
    """Whether somebody can be asked for it at all: Python breaks off over an empty label of a name, or a long one."""
    try:
        return bool(text.encode("idna"))
    except UnicodeError:
        return False


def _broker(value: object) -> str:
    text = _text(value)
    if text == MANAGED:
        return text
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"mqtt", "mqtts"} and _is_host(parts.hostname or "") and parts.port != 0
        secret = parts.password is not None
    except ValueError:  # its own text may quote the address, with a password in it
        good = secret = False
    if not good:
        raise ValueError(f"must be {MANAGED!r}, or an address such as mqtts://hub@broker.example:8883")
    if secret:
        raise ValueError("must not hold the password: give that as broker_password, or POSTE_HUB_BROKER_PASSWORD")
    return text


def _database(value: object) -> str:
    text = _text(value)
    if not text.startswith(("postgres://", "postgresql://")):
        raise ValueError("must be an address such as postgres://poste@db.example/poste; SQLite needs none")
    return text


def _hosts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and _NAME.fullmatch(item) for item in value):
        raise ValueError("must be a list of names, such as desk.example, with no https:// and no port")
    return tuple(item.lower() for item in value)


def _origins(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and _ORIGIN.fullmatch(item) for item in value):
        raise ValueError("must be a list of origins, such as https://kiosk.example, with no path and no *")
    return tuple(item.lower() for item in value)


def _flag(value: object) -> bool:
    if isinstance(value, str) and value in {"true", "false"}:  # as the environment has it
        return value == "true"
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return read


def _number(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        text = value if isinstance(value, str) else str(value) if type(value) is int else ""  # true is an int, too
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise ValueError(f"must be {least} to {most}")
        return int(text)

    return read


_READ: dict[str, Callable[[object], object]] = {
    "data": _path,
    "listen": _address,
    "broker": _broker,
    "mqtt_listen": _address,
    "broker_password": _text,
    "broker_ca": _path,
    "broker_cert": _path,
    "broker_key": _path,
    "broker_for_posts": _address,
    "database": _database,
    "hosts": _hosts,
    "cors": _origins,
    "behind_tls": _flag,
    "log_level": _one_of(*LOG_LEVELS),
    "log_format": _one_of(*LOG_FORMATS),
    "backup_folder": _path,
    "backup_hour": _number(0, 23),
    "backups_kept": _number(1, 1000),
    "home_assistant": _flag,
}
