"""Mosquitto's configuration as text: for the broker that the hub runs, or for one elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STORE = "mosquitto.db"
MAX_PACKET_BYTES = 16 * 1024
"""Twice a message's limit: what is a little too large still reaches the hub, which counts it."""
MAX_QUEUED = 100_000
"""Messages kept for one slow reader. Mosquitto's 1,000 would lose some when a whole town greets the hub."""


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files for a listener that speaks TLS."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Listener:
    """One address of the broker, with the accounts that may use it.

    `username_is_client_id`: nobody can throw off another account's connection by borrowing its client id.
    """

    host: str
    port: int
    password_file: Path
    acl_file: Path
    username_is_client_id: bool
    tls: Tls | None = None

    def lines(self) -> list[str]:
        lines = [
            f"listener {self.port} {self.host}",
            "allow_anonymous false",
            f"password_file {self.password_file}",
            f"acl_file {self.acl_file}",
            f"use_username_as_clientid {'true' if self.username_is_client_id else 'false'}",
            "max_connections -1",
        ]
        if self.tls is not None:
            lines += [f"certfile {self.tls.certificate}", f"keyfile {self.tls.key}", "tls_version tlsv1.2"]
        return lines


def mosquitto_conf(folder: Path, listeners: tuple[Listener, ...], *, as_root: bool) -> str:
    """The whole file; `folder` is absolute and holds the store; `as_root`: stay root, to read a 0700 folder.

    The store is written every 30 s and at an orderly end. It only holds retained messages, which their owners
    publish again at each connect, so saving at each change would cost a write a status for nothing.
    """
    lines = [
        *(["user root"] if as_root else []),
        "persistence true",
        f"persistence_location {folder}/",
        f"persistence_file {STORE}",
        "autosave_interval 30",
        "autosave_on_changes false",
        "log_dest stderr",
        "log_timestamp false",
        "log_type error",
        "log_type warning",
        "log_type notice",
        "sys_interval 0",
    ]
    return "\n".join(lines) + "\n" + listeners_conf(listeners)


def listeners_conf(listeners: tuple[Listener, ...]) -> str:
    """The part that says who may connect where, and with how much: also for a Mosquitto that has the rest already."""
    lines = [
        "per_listener_settings true",
        f"max_packet_size {MAX_PACKET_BYTES}",
        "max_inflight_messages 100",
        f"max_queued_messages {MAX_QUEUED}",
        "set_tcp_nodelay true",
    ]
    for listener in listeners:
        lines += ["", *listener.lines()]
    return "\n".join(lines) + "\n"
