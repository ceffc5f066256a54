"""The broker and the certificates that it depends on."""

from __future__ import annotations

import asyncio
import re
import subprocess
from datetime import datetime, timedelta

from aiomqtt import MqttError

from hub.adapters.clock import SystemClock
from hub.adapters.mqtt.broker import find_program
from hub.adapters.mqtt.connection import connected, new_client, reason
from hub.adapters.mqtt.ports import BrokerError
from hub.main.broker import external
from hub.main.certificates import WARN_BEFORE, Certificate, certificates
from hub.main.checkup.finding import Finding, fail, ok, warning
from hub.settings import Settings, SettingsError

OLDEST = (2, 0)
_VERSION = re.compile(r"mosquitto version (\d+)\.(\d+)(?:\.(\d+))?")


async def look(settings: Settings, *, runs: bool) -> list[Finding]:
    """The program, or the connection to a broker elsewhere; then the certificates."""
    found = [await asyncio.to_thread(_program)] if settings.managed else [await _elsewhere(settings, runs=runs)]
    try:
        return found + [left_of(one, SystemClock().now()) for one in await asyncio.to_thread(certificates, settings)]
    except (OSError, ValueError) as error:
        return [*found, fail("certificates", str(error), "put a good file in its place")]


def _program() -> Finding:
    try:
        path = find_program("mosquitto")
        find_program("setpriv")
    except BrokerError as error:
        return fail("broker", str(error), "the hub runs it by itself; it need not be enabled as a service")
    said = subprocess.run([path, "-h"], capture_output=True, text=True, check=False, timeout=10).stdout  # noqa: S603 - a path that we found
    found = _VERSION.search(said)
    if found is None:
        return warning("broker", f"{path} does not say its version", "version 2.0 or newer is needed")
    version = ".".join(part for part in found.groups() if part)
    if (int(found[1]), int(found[2])) < OLDEST:
        return fail(
            "broker", f"{path} is version {version}", "version 2.0 or newer is needed: sudo apt install mosquitto"
        )
    return ok("broker", f"mosquitto {version} at {path}")


async def _elsewhere(settings: Settings, *, runs: bool) -> Finding:
    """A broker may hold an account to one connection: while the hub runs, its own word is asked instead."""
    try:
        access = external(settings)
    except SettingsError as error:
        return fail("broker", str(error), "see broker_… in docs/operating.md")
    if runs:
        return ok("broker", f"{access.host}:{access.port}; the hub holds the connection")
    client = new_client(access, access.tls(), None)
    try:
        async with connected(client):
            return ok("broker", f"{access.host}:{access.port} takes this account")
    except MqttError as error:
        advice = (
            "does it run, is the address right, and are account and certificates those of `poste-hub broker-config`?"
        )
        return fail("broker", f"{access.host}:{access.port}: {reason(error)}", advice)


def left_of(one: Certificate, now: datetime) -> Finding:
    """How long a certificate still lasts."""
    what, left = f"certificate of the {one.use}", one.ends_at - now
    if left < timedelta(0):
        return fail(what, f"has ended on {one.ends_at:%Y-%m-%d}", one.advice)
    told = f"good until {one.ends_at:%Y-%m-%d}"
    return warning(what, told, one.advice) if left < WARN_BEFORE else ok(what, told)
