"""A post's node.toml: what its node needs to reach this hub, and to start from."""

from __future__ import annotations

import json
from pathlib import Path

from hub.adapters.mqtt.ports import EVERYWHERE, is_loopback
from hub.main.broker import external
from hub.settings import Settings, SettingsError


def node_file(
    settings: Settings,
    post_id: str,
    password: str,
    *,
    host: str | None = None,
    journal: str = "/var/lib/poste-node",
    staged_s: int = 0,
) -> str:
    """The file's text, with the password: to be written 0600. `host`: where the node finds the broker.

    `staged_s`: USB follows the display so many seconds later. SettingsError when the settings do not tell the broker.
    """
    found, port, ca = _broker_of(settings)
    found = host or found
    if found in EVERYWHERE:
        raise SettingsError("the broker listens on every address of this machine: say with --host which one nodes find")
    if port == 0:
        raise SettingsError("the broker listens on any free port: give mqtt_listen a fixed one, that nodes can find")
    lines = [
        "[post]",
        f"id = {_quoted(post_id)}",
        'language = "fr"',
        "",
        "[hub]",
        f"host = {_quoted(found)}",
        f"port = {port}",
        f"username = {_quoted(post_id)}",
        f"password = {_quoted(password)}",
    ]
    if ca is not None:
        lines.append(f"ca = {_quoted(ca.name)}")
    lines += ["", "[journal]", f"folder = {_quoted(journal)}", ""]
    lines += ["[[relay]]", 'name = "display"', "pin = 17", "", "[[relay]]", 'name = "usb"', "pin = 27"]
    if staged_s:
        lines += [f"on_delay_s = {staged_s}", f"off_delay_s = {staged_s}"]
    lines.append("")
    # The codes of a new house have letters, which a numeric pad cannot type.
    lines += ["[keypad]", 'keymap = "keyboard"', ""]
    return "\n".join(lines)


def authority(settings: Settings) -> Path | None:
    """The certificate that goes to the node beside its file, where the broker speaks TLS."""
    return _broker_of(settings)[2]


def _broker_of(settings: Settings) -> tuple[str, int, Path | None]:
    if not settings.managed:
        access = external(settings)
        return access.host, access.port, access.ca
    host, port = settings.mqtt_listen
    return host, port, None if is_loopback(host) else settings.data / "broker" / "ca.pem"


def _quoted(text: str) -> str:
    """A TOML string; JSON's quoting is the same but for signs beyond the sixteenth bit, which stay as they are."""
    return json.dumps(text, ensure_ascii=False)
