"""The broker's own small authority: a CA for nodes to trust, and a certificate for where it listens."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.adapters.mqtt.ports import EVERYWHERE

CA_DAYS = 3650
SERVER_DAYS = 825
RENEW_DAYS = 60
"""Days before its end at which the server's certificate is made anew at a start."""


@dataclass(frozen=True, slots=True)
class BrokerCertificates:
    """PEM files: `ca` is public and goes to every node; the server's pair is for Mosquitto."""

    ca: Path
    certificate: Path
    key: Path


def ensure_certificates(folder: Path, hosts: Iterable[str]) -> BrokerCertificates:
    """The files in `folder`, made when missing; the server's is renewed when near its end or for other hosts.

    The CA is made once: nodes hold a copy of it. Blocking; OSError or ValueError when a file cannot be used.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = BrokerCertificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    ca_key_file = folder / "ca.key"
    now = datetime.now(UTC)
    if not (files.ca.exists() and ca_key_file.exists()):
        key = ec.generate_private_key(ec.SECP256R1())
        _write_key(ca_key_file, key)
        files.ca.write_bytes(_authority(key, now).public_bytes(serialization.Encoding.PEM))
    names = tuple(sorted({name for host in hosts for name in _names(host)}))
    if not _is_good(files.certificate, names, now) or not files.key.exists():
        ca_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), password=None)
        assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
        ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
        key = ec.generate_private_key(ec.SECP256R1())
        _write_key(files.key, key)
        certificate = _server(key, names, ca, ca_key, now)
        files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return files


def _names(host: str) -> set[str]:
    """What nodes may call that host: itself, or for "everywhere" this machine's names and addresses."""
    if host not in EVERYWHERE:
        return {host}
    own = socket.gethostname()
    found = {own, f"{own}.local", "localhost", *EVERYWHERE.values()}
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))  # sends nothing: it only asks which of our addresses leads out
            found.add(str(probe.getsockname()[0]))
    return found


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Poste Public broker CA")])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _builder(name, name, key, now, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Poste Public broker")])
    return (
        _builder(subject, ca.subject, key, now, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    # A Pi without a clock battery may be behind: valid from a day ago.
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _is_good(file: Path, names: tuple[str, ...], now: datetime) -> bool:
    if not file.exists():
        return False
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError:  # half-written, by a power cut
        return False
    told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = certificate.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)
    return fresh and set(told) == {_general(name) for name in names}


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:  # noqa: PTH123
        out.write(text)
