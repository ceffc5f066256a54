"""A post's node.toml: what its node needs to reach this hub, and to start from."""

from __future__ import annotations

import json

from hub.main.broker import external
from hub.settings import Settings

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


def node_file(
    settings: Settings, post_id: str, password: str, *, host: str | None = None, journal: str = "/var/lib/poste-node"
) -> str:
    """The file's text, with the password: to be written 0600. `host`: where the node finds the broker."""
    if settings.managed:
        listens, port = settings.mqtt_listen
        loopback = listens.startswith("127.") or listens in {"localhost", "::1"}
        ca = None if loopback else (settings.data / "broker" / "ca.pem").name
        found = host or ("HUB-ADDRESS" if listens in _WILDCARDS else listens)
    else:
        access = external(settings)
        found, port = host or access.host, access.port
        ca = access.ca.name if access.ca is not None else None
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
        lines.append(f"ca = {_quoted(ca)}")
    lines += ["", "[journal]", f"folder = {_quoted(journal)}", ""]
    lines += ["[[relay]]", 'name = "display"', "pin = 17", "", "[[relay]]", 'name = "usb"', "pin = 27", ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A TOML string: JSON's quoting is a subset of it."""
    return json.dumps(text)
