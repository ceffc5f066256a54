"""A Mosquitto that nobody but the test looks after, as a house has it that runs its broker elsewhere."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.adapters.mqtt.broker import find_program
from hub.adapters.mqtt.certificates import BrokerCertificates
from hub.adapters.mqtt.ports import accepts
from tests.support.mosquitto import PATIENCE_S


@asynccontextmanager
async def mosquitto(conf: Path, *ports: int) -> AsyncIterator[None]:
    """Mosquitto with that configuration, once it takes connections on all of those ports."""
    _stay_root(conf)
    process = await asyncio.create_subprocess_exec(
        find_program("mosquitto"), "-c", str(conf), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not all([await accepts(("127.0.0.1", port)) for port in ports]):
                assert process.returncode is None, shutil.which("mosquitto")
                await asyncio.sleep(0.02)
        yield
    finally:
        process.terminate()
        await process.wait()


def _stay_root(conf: Path) -> None:
    """As root Mosquitto becomes another user, who cannot read a test's folder."""
    if os.geteuid() == 0:
        conf.write_text("user root\n" + conf.read_text())


def client_certificate(authority: BrokerCertificates, name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate of that authority by which `name` shows who it is, and its key."""
    ca = x509.load_pem_x509_certificate(authority.ca.read_bytes())
    ca_key = serialization.load_pem_private_key(authority.ca.with_name("ca.key").read_bytes(), password=None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
