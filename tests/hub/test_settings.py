"""The hub's settings: three sources, one precedence, and a complaint that names the place and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hub.settings import Settings, SettingsError, load_settings, written

WHOLE = """\
data = "room"
listen = "0.0.0.0:8400"
broker = "mqtts://poste@broker.example:8884"
mqtt_listen = "[::1]:1883"
broker_password = "hunter2"
broker_ca = "ca.pem"
broker_cert = "hub.pem"
broker_key = "hub.key"
broker_for_posts = "broker.example:8883"
database = "postgres://poste:hunter2@db.example/poste"
hosts = ["Desk.Example"]
log_level = "debug"
log_format = "json"
backup_folder = "backups"
backup_hour = 4
backups_kept = 30
home_assistant = true
"""


def load(
    folder: Path, text: str, environ: Mapping[str, str] | None = None, options: Mapping[str, object] | None = None
) -> Settings:
    path = folder / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, environ or {}, options or {})


def complaint(folder: Path, text: str = "", environ: Mapping[str, str] | None = None, **options: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text, environ, options)
    told = str(caught.value)
    assert "hunter2" not in told
    assert "\n" not in told
    return told.replace(f"{folder}/", "")


def test_nothing_has_to_be_said() -> None:
    settings = load_settings(None, {}, {})
    assert settings == Settings()
    assert settings.managed
    assert settings.database_at == Path("poste-data/hub.sqlite3")


def test_every_key_of_the_file_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, WHOLE) == Settings(
        data=tmp_path / "room",
        listen=("0.0.0.0", 8400),
        broker="mqtts://poste@broker.example:8884",
        mqtt_listen=("::1", 1883),
        broker_password="hunter2",
        broker_ca=tmp_path / "ca.pem",
        broker_cert=tmp_path / "hub.pem",
        broker_key=tmp_path / "hub.key",
        broker_for_posts=("broker.example", 8883),
        database="postgres://poste:hunter2@db.example/poste",
        hosts=("desk.example",),
        log_level="debug",
        log_format="json",
        backup_folder=tmp_path / "backups",
        backup_hour=4,
        backups_kept=30,
        home_assistant=True,
    )


def test_secrets_do_not_show(tmp_path: Path) -> None:
    assert "hunter2" not in repr(load(tmp_path, WHOLE))


def test_the_environment_overrides_the_file_and_options_override_both(tmp_path: Path) -> None:
    text = 'listen = "127.0.0.1:1"\nmqtt_listen = "127.0.0.1:1"\nlog_level = "debug"\n'
    environ = {"POSTE_HUB_LISTEN": "127.0.0.1:2", "POSTE_HUB_MQTT_LISTEN": "127.0.0.1:2", "PATH": "/bin"}
    settings = load(tmp_path, text, environ, {"listen": "127.0.0.1:3", "mqtt_listen": None, "data": "elsewhere"})
    assert (settings.listen[1], settings.mqtt_listen[1], settings.log_level) == (3, 2, "debug")


def test_only_the_files_own_paths_are_its_neighbours(tmp_path: Path) -> None:
    assert load(tmp_path, 'data = "/srv/poste"\n').data == Path("/srv/poste")
    assert load(tmp_path, "").data == Path("poste-data")
    assert load(tmp_path, 'data = "room"\n', {"POSTE_HUB_DATA": "here"}).data == Path("here")
    assert load(tmp_path, 'data = "room"\n', options={"data": "there"}).data == Path("there")
    assert load(tmp_path, "", {"POSTE_HUB_DATA": "~/poste"}).data == Path.home() / "poste"


def test_behind_tls_is_a_flag_also_in_the_environment(tmp_path: Path) -> None:
    assert load(tmp_path, "behind_tls = true\n", {}).behind_tls
    assert load(tmp_path, "", {"POSTE_HUB_BEHIND_TLS": "true"}).behind_tls
    with pytest.raises(SettingsError, match="must be true or false"):
        load(tmp_path, "", {"POSTE_HUB_BEHIND_TLS": "yes"})


def test_other_sites_are_a_list_also_in_the_environment(tmp_path: Path) -> None:
    told = {"POSTE_HUB_CORS": "https://Kiosk.example, http://[::1]:8080"}
    assert load(tmp_path, "", told).cors == ("https://kiosk.example", "http://[::1]:8080")


def test_hosts_are_a_list_also_in_the_environment(tmp_path: Path) -> None:
    assert load(tmp_path, "", {"POSTE_HUB_HOSTS": "Desk.example, desk"}).hosts == ("desk.example", "desk")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('# x\nlisen = "a:1"\n', "hub.toml: line 2: unknown key 'lisen': did you mean 'listen'?"),
        ("zzz = 1\n", "hub.toml: line 1: unknown key 'zzz' (known: data, listen, broker, "),
        ('data = "x"\n[hub]\nlisten = "a:1"\n', "hub.toml: line 2: unknown key 'hub'"),
        ("data = 1\n", "hub.toml: line 1: data must be a text that is not empty"),
        ('data = " "\n', "line 1: data must be a text that is not empty"),
        ('data = "~nobody-of-that-name/x"\n', "line 1: data must not begin with ~"),
        ('data = "x"\n"listen" = "8400"\n', "line 2: listen must be HOST:PORT, such as 127.0.0.1:8400"),
        ('listen = ":8400"\n', "line 1: listen must be HOST:PORT"),
        ('listen = "a..b:8400"\n', "line 1: listen must be HOST:PORT"),
        (f'listen = "{"a" * 64}:8400"\n', "line 1: listen must be HOST:PORT"),
        ('listen = "a:65536"\n', "line 1: listen must be HOST:PORT"),
        ('listen = "a:²"\n', "line 1: listen must be HOST:PORT"),
        ("mqtt_listen = 8883\n", "line 1: mqtt_listen must be"),
        ('hosts = "desk"\n', "line 1: hosts must be a list of names"),
        ("hosts = [1]\n", "line 1: hosts must be"),
        (
            'hosts = ["https://desk.example"]\n',
            "line 1: hosts must be a list of names, such as desk.example, with no https",
        ),
        ('hosts = ["desk.example:8443"]\n', "line 1: hosts must be a list of names"),
        ('hosts = ["desk.example, desk"]\n', "line 1: hosts must be a list of names"),
        ('cors = "https://kiosk.example"\n', "line 1: cors must be a list of origins"),
        ('cors = ["*"]\n', "line 1: cors must be a list of origins"),
        ('cors = ["https://kiosk.example/"]\n', "line 1: cors must be"),
        ('cors = ["kiosk.example"]\n', "line 1: cors must be"),
        ('cors = ["null"]\n', "line 1: cors must be"),
        ('log_level = "loud"\n', "line 1: log_level must be one of debug, info, warning, error"),
        ("broker_password = 7\n", "line 1: broker_password must be a text"),
        ('database = "mysql://x"\n', "line 1: database must be an address such as postgres://"),
        ('broker = "broker.example"\n', "line 1: broker must be 'managed', or an address such as mqtts://"),
        ('broker = "http://broker.example"\n', "line 1: broker must be 'managed'"),
        ('broker = "mqtt://"\n', "line 1: broker must be 'managed'"),
        ('broker = "mqtt://hub:hunter2@[x"\n', "line 1: broker must be 'managed'"),
        ('broker = "mqtt://a..b"\n', "line 1: broker must be 'managed'"),
        ('broker = "mqtt://a:99999"\n', "line 1: broker must be 'managed'"),
        ('broker = "mqtt://hub:hunter2@a"\n', "line 1: broker must not hold the password: give that as broker_pass"),
        ("data = \n", "hub.toml: Invalid value (at line 1, column 8)"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert told in complaint(tmp_path, text)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: No such file or directory"):
        load_settings(tmp_path / "absent.toml", {}, {})
    (tmp_path / "latin.toml").write_bytes(b'data = "\xe9"')
    with pytest.raises(SettingsError, match=r"latin\.toml: .*utf-8"):
        load_settings(tmp_path / "latin.toml", {}, {})


def test_a_wrong_variable_or_option_is_told_by_its_name(tmp_path: Path) -> None:
    assert complaint(tmp_path, environ={"POSTE_HUB_LISTEN": "x"}).startswith(
        "POSTE_HUB_LISTEN (environment): listen must be HOST:PORT"
    )
    assert complaint(tmp_path, environ={"POSTE_HUB_LISTN": "x"}) == (
        "POSTE_HUB_LISTN (environment): no such setting: did you mean 'POSTE_HUB_LISTEN'?"
    )
    assert complaint(tmp_path, mqtt_listen="x").startswith("--mqtt-listen: mqtt_listen must be HOST:PORT")


def test_an_address_is_written_as_options_and_urls_have_it() -> None:
    assert [written(address) for address in (("127.0.0.1", 1), ("::1", 2))] == ["127.0.0.1:1", "[::1]:2"]


@pytest.mark.parametrize("value", ["24", "-1", "true", '"three"', "3.5", "[]"])
def test_a_number_out_of_range_is_told_with_its_range(tmp_path: Path, value: str) -> None:
    assert complaint(tmp_path, f"backup_hour = {value}\n") == "hub.toml: line 1: backup_hour must be 0 to 23"


def test_numbers_come_from_the_environment_too() -> None:
    assert load_settings(None, {"POSTE_HUB_BACKUPS_KEPT": "7"}, {}).backups_kept == 7
