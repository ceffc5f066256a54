"""The file that a post's node starts from, as that node reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_config.profiles import known_profiles, load_profile
from hub.adapters.mqtt.certificates import ensure_certificates
from hub.main.access import authority, give_access
from hub.main.node_file import node_file, node_files
from hub.settings import Settings, SettingsError
from node.settings import Settings as NodeSettings
from node.settings import hardware_of, load_settings


def node_file_of(settings: Settings, *, host: str | None = None, journal: str = "journal", staged_s: int = 0) -> str:
    access = give_access(settings, "p01", host=host, password='pass"word\\')
    return node_file(access, authority(settings), journal=journal, staged_s=staged_s)


def as_read(folder: Path, text: str) -> NodeSettings:
    path = folder / "node.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, {})


def test_on_loopback_it_is_plain(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mqtt_listen=("127.0.0.1", 1884))
    read = as_read(tmp_path, node_file_of(settings, journal="journal 🖥"))
    assert (read.post.id, read.hub.username, read.hub.password) == ("p01", "p01", 'pass"word\\')
    assert (read.hub.host, read.hub.port, read.hub.ca) == ("127.0.0.1", 1884, None)
    assert read.journal.folder == tmp_path / "journal 🖥"
    assert [relay.name for relay in read.relays] == ["display", "usb"]
    assert authority(settings) is None


def test_usb_may_follow_the_display(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mqtt_listen=("127.0.0.1", 1884))
    for staged_s in (0, 2):
        display, usb = as_read(tmp_path, node_file_of(settings, staged_s=staged_s)).relays
        assert (display.on_delay_s, display.off_delay_s) == (0, 0)
        assert (usb.on_delay_s, usb.off_delay_s) == (staged_s, staged_s)


@pytest.mark.parametrize("listens", ["10.0.0.2", "127.example.org"])
def test_beyond_loopback_it_names_the_ca_beside_it(tmp_path: Path, listens: str) -> None:
    settings = Settings(data=tmp_path / "data", mqtt_listen=(listens, 8883))
    read = as_read(tmp_path, node_file_of(settings))
    assert (read.hub.host, read.hub.ca) == (listens, tmp_path / "ca.pem")
    assert authority(settings) == tmp_path / "data" / "broker" / "ca.pem"


def test_where_the_broker_listens_everywhere_the_host_has_to_be_said(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mqtt_listen=("0.0.0.0", 8883))
    with pytest.raises(SettingsError, match="say with --host"):
        node_file_of(settings)
    assert as_read(tmp_path, node_file_of(settings, host="hub.local")).hub.host == "hub.local"


def test_a_port_that_changes_with_each_start_is_no_use(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="give mqtt_listen a fixed one"):
        node_file_of(Settings(data=tmp_path, mqtt_listen=("127.0.0.1", 0)))


def test_a_broker_elsewhere_is_where_the_hub_finds_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, broker="mqtt://hub@broker.example:1885", broker_password="hunter2")
    text = node_file_of(settings)
    assert "hunter2" not in text
    read = as_read(tmp_path, text)
    assert (read.hub.host, read.hub.port, read.hub.username) == ("broker.example", 1885, "p01")


def test_a_running_hub_knows_its_brokers_port_and_where_it_was_reached(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mqtt_listen=("0.0.0.0", 0))
    access = give_access(settings, "p01", else_host="10.0.0.2", port=18830)
    assert (access.host, access.port, access.username, access.ca) == ("10.0.0.2", 18830, "p01", None)
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    assert give_access(settings, "p01", host="hub.local", port=18830).ca == ("-----BEGIN CERTIFICATE-----\n")
    with pytest.raises(SettingsError, match="say with --host"):
        give_access(settings, "p01", port=18830)


def test_each_password_is_another_and_only_its_line_is_for_the_broker(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    one, other = (give_access(settings, "p01") for _ in range(2))
    assert one.password != other.password
    assert one.secret.startswith("$7$")
    assert one.password not in one.secret
    assert one.password not in repr(one)


def test_a_broker_under_a_public_authority_needs_no_certificate_sent(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, broker="mqtts://hub@broker.example", broker_password="hunter2")
    assert give_access(settings, "p01").ca is None


def test_an_authority_may_have_remarks_in_any_language(tmp_path: Path) -> None:
    data = tmp_path / "data"
    authority = ensure_certificates(data, ["broker.example"]).ca
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes("# Autorité\n".encode("latin-1") + authority.read_bytes())
    settings = Settings(data=data, broker="mqtts://hub@broker.example", broker_password="hunter2", broker_ca=bundle)
    assert authority.read_text() in (give_access(settings, "p01").ca or "")


@pytest.mark.parametrize("profile", known_profiles())
def test_hardware_of_a_profile_is_named_and_the_node_takes_its_pins(tmp_path: Path, profile: str) -> None:
    settings = Settings(data=tmp_path, mqtt_listen=("127.0.0.1", 1884))
    text = node_files(settings, give_access(settings, "p01"), profile=profile)["node.toml"]
    assert text is not None
    read = as_read(tmp_path, text)
    assert hardware_of(read) == load_profile(profile).hardware


def test_the_authority_goes_with_it_unless_it_is_the_systems(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mqtt_listen=("10.0.0.2", 8883))
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    files = node_files(settings, give_access(settings, "p01"), profile="pi5_full")
    assert (list(files), files["ca.pem"]) == (["node.toml", "ca.pem"], "-----BEGIN CERTIFICATE-----\n")
    settings = Settings(data=tmp_path, broker="mqtts://hub@broker.example", broker_password="hunter2")
    files = node_files(settings, give_access(settings, "p01"), profile="pi5_full")
    assert files["ca-certificates.crt"] is None
