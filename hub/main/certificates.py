"""How long the certificates last that the hub depends on."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from hub.adapters.mqtt.certificates import RENEW_DAYS
from hub.settings import Settings
from hub.usecases.ports import Clock

logger = logging.getLogger(__name__)

WARN_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One in use: what for, where, until when, and what to do before its end."""

    use: str
    path: Path
    ends_at: datetime
    advice: str


def certificates(settings: Settings) -> list[Certificate]:
    """Those that there are; blocking. ValueError or OSError for a file that cannot be read as one."""
    folder = settings.data / "broker"
    if settings.managed:
        renewed = f"a restart of the hub makes a new one, from {RENEW_DAYS} days before its end"
        carried = f"stop the hub, remove {folder}/ca.pem and ca.key, start it, and carry the new ca.pem to every node"
        files: list[tuple[str, Path | None, str]] = [
            ("broker", folder / "server.pem", renewed),
            ("broker's authority", folder / "ca.pem", carried),
        ]
    else:
        files = [
            ("broker's authority", settings.broker_ca, "put the new one in place of broker_ca"),
            ("hub at the broker", settings.broker_cert, "put a new one in place of broker_cert and broker_key"),
        ]
    return [
        Certificate(use, path, x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc, advice)
        for use, path, advice in files
        if path is not None and path.exists()
    ]


async def watch_certificates(settings: Settings, clock: Clock) -> None:
    """Tell of those that end soon."""
    for one in await asyncio.to_thread(certificates, settings):
        left = one.ends_at - clock.now()
        if left < WARN_BEFORE:
            told = "has ended" if left < timedelta(0) else f"ends in {left.days} days"
            logger.warning("the certificate of the %s %s (%s): %s", one.use, told, one.path, one.advice)
