from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography import x509

from hub.adapters.mqtt.certificates import BrokerCertificates, ensure_certificates


def names(files: BrokerCertificates) -> list[str]:
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return sorted(str(name.value) for name in told)


def test_the_keys_are_their_owners_alone(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, ["10.0.0.2"])
    assert [stat.S_IMODE(key.stat().st_mode) for key in (files.key, tmp_path / "ca.key")] == [0o600, 0o600]


def test_the_authority_signed_the_certificate_for_the_hosts(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, ["10.0.0.2", "hub.example"])
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    x509.load_pem_x509_certificate(files.certificate.read_bytes()).verify_directly_issued_by(ca)
    assert names(files) == ["10.0.0.2", "hub.example"]


def test_a_second_start_finds_the_same_files(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, ["10.0.0.2"])
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert ensure_certificates(tmp_path, ["10.0.0.2"]) == files
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_new_host_renews_the_certificate_and_never_the_authority(tmp_path: Path) -> None:
    before = ensure_certificates(tmp_path, ["10.0.0.2"]).ca.read_bytes()
    files = ensure_certificates(tmp_path, ["10.0.0.3"])
    assert names(files) == ["10.0.0.3"]
    assert files.ca.read_bytes() == before


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_everywhere_includes_this_machines_own_names(tmp_path: Path, host: str) -> None:
    assert {"localhost", "127.0.0.1", "::1"} <= set(names(ensure_certificates(tmp_path, [host])))
