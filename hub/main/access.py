"""How nodes reach the broker: the one home of its host, port, authority and of new passwords."""

from __future__ import annotations

import re
from pathlib import Path

from hub.adapters.mqtt.ports import EVERYWHERE, is_loopback
from hub.domain.post import HOST_PATTERN, Access
from hub.main.broker import Credentials, external
from hub.settings import Settings, SettingsError


def give_access(
    settings: Settings,
    post_id: str,
    *,
    host: str | None = None,
    else_host: str | None = None,
    port: int | None = None,
    password: str | None = None,
) -> Access:
    """A password for a post's node, a new one unless it is given, and where that node finds the broker.

    `host`: said by somebody who knows better; `else_host`: taken where the broker listens on every address.
    `port`: the managed broker's, when it runs on one that was free. SettingsError when host or port stay unknown, or
    cannot be ones.
    """
    found, configured, ca = _broker_of(settings)
    if host is not None and not re.fullmatch(HOST_PATTERN, host):
        raise SettingsError("--host must be a name or an address by which nodes find the broker, such as 10.0.0.2")
    port = port or configured
    found = host or (else_host or found if found in EVERYWHERE else found)
    if found in EVERYWHERE:
        raise SettingsError("the broker listens on every address of this machine: say with --host which one nodes find")
    if port == 0:
        raise SettingsError("the broker listens on any free port: give mqtt_listen a fixed one, that nodes can find")
    account = Credentials(post_id, password) if password else Credentials.fresh(post_id)
    own_ca = ca if settings.managed or settings.broker_ca else None  # the system's authorities a node has itself
    # The certificates are ASCII, but a bundle's remarks between them may be in any encoding.
    pem = own_ca.read_text(encoding="utf-8", errors="replace") if own_ca is not None and own_ca.exists() else None
    return Access(found, port, post_id, account.password, account.line(), pem)


def authority(settings: Settings) -> Path | None:
    """The certificate that goes to the node beside its file, where the broker speaks TLS."""
    return _broker_of(settings)[2]


def _broker_of(settings: Settings) -> tuple[str, int, Path | None]:
    if not settings.managed:
        access = external(settings)
        host, port = settings.broker_for_posts or (access.host, access.port)
        return host, port, access.ca
    host, port = settings.mqtt_listen
    return host, port, None if is_loopback(host) else settings.data / "broker" / "ca.pem"
