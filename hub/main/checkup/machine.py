"""The machine under the hub: folder, disk, clock, keys, ports, and the hub's own word where it runs."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import stat
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from hub.adapters.mint import KEY_FILE, KeyFileError, load_keys
from hub.adapters.mqtt.ports import BrokerError, pick, reachable
from hub.main.checkup.finding import Finding, fail, ok, warning
from hub.settings import Address, Settings, written

MIB = 1024 * 1024
LEAST_FREE_MIB = 100
FEW_FREE_MIB = 1000
_TIME_ERROR = 5
"""What adjtimex(2) returns for a clock that nothing keeps right."""
_ASK_WITHIN_S = 5


def look(settings: Settings, *, runs: bool) -> list[Finding]:
    """All of it; blocking."""
    found = [ok("configuration", f"data in {settings.data}, broker {settings.broker}")]
    found += [_folder(settings.data), *_disk(settings.data), _clock(), _keys(settings.data)]
    found.append(_running(settings) if runs else ok("hub", "does not run in this folder"))
    if not runs:
        found += [_port("panel's port", settings.listen, "--listen HOST:PORT, or stop the other")]
        if settings.managed:
            found += [
                _port("broker's port", at, "--mqtt-listen HOST:PORT, or stop the other") for at in _mqtt(settings)
            ]
    return found


def hub_runs(data: Path) -> bool:
    """Whether a hub holds the folder: by its lock, which is only looked at."""
    try:
        with (data / "hub.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:  # no folder, or none of ours: told as such
        return False


def _mqtt(settings: Settings) -> list[Address]:
    host, port = settings.mqtt_listen
    return [(host, port), (host, port + 1)] if 0 < port < 65535 else []


def _folder(data: Path) -> Finding:
    what = "data folder"
    try:
        about = data.stat()
    except OSError as error:
        return fail(
            what, f"{data}: {error.strerror}", "the first `poste-hub run` makes it; see also --data and --config"
        )
    if not stat.S_ISDIR(about.st_mode):
        return fail(what, f"{data} is a file", "choose a folder with --data")
    if about.st_uid != os.geteuid():
        return fail(
            what, f"{data} belongs to user {about.st_uid}", "run this as the hub's own user: sudo -u poste-hub …"
        )
    if not os.access(data, os.W_OK | os.X_OK):
        return fail(what, f"{data} cannot be written to", f"chmod 700 {data}; is its disk mounted read-only?")
    if about.st_mode & 0o077:
        return warning(what, f"others may look into {data}", f"chmod 700 {data}")
    return ok(what, str(data))


def _disk(data: Path) -> list[Finding]:
    if not data.exists():
        return []
    free = shutil.disk_usage(data).free // MIB
    told, advice = (
        f"{free} MiB free",
        "make room: a full disk stops codes (old backups, `journalctl --vacuum-size=200M`)",
    )
    if free < LEAST_FREE_MIB:
        return [fail("disk", told, advice)]
    return [warning("disk", told, advice) if free < FEW_FREE_MIB else ok("disk", told)]


def _clock() -> Finding:
    """As the kernel has it: whether something keeps the clock right."""
    advice = "validity and the journal go by this clock: `timedatectl set-ntp true` (in a container, on its host)"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.adjtimex(ctypes.create_string_buffer(512)) in (-1, _TIME_ERROR):
        return warning("clock", "is not set by the network", advice)
    return ok("clock", "is set by the network")


def _keys(data: Path) -> Finding:
    if not (data / KEY_FILE).exists():
        if (data / "hub.sqlite3").exists():
            return fail("keys", f"{data / KEY_FILE} is missing", "restore it from a backup, or live codes work no more")
        return ok("keys", "the first start makes them")
    try:
        load_keys(data)
    except (KeyFileError, OSError) as error:
        return fail("keys", str(error), "see the backup of this house")
    return ok("keys", str(data / KEY_FILE))


def _port(what: str, address: Address, advice: str) -> Finding:
    host, port = address
    try:
        pick(host, port, advice="", but=set())
    except BrokerError as error:
        told = str(error).rstrip(": ")
        return fail(what, told + (f" by {taker}" if (taker := taken_by(port)) else ""), f"choose another with {advice}")
    return ok(what, f"{written(address)} is free")


def taken_by(port: int) -> str:
    """Which program listens there, as far as we may see: "nginx (pid 123)", or nothing."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else ():
            words = line.split()
            if words[3] == "0A" and int(words[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{words[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(one.readlink()) in inodes for one in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
        except OSError:  # another user's, or it has just ended
            continue
    return ""


def _running(settings: Settings) -> Finding:
    """What the hub says of itself, where it can be asked."""
    host, port = reachable(settings.listen)
    if port == 0:
        return ok("hub", "runs, on a port of its own choice")
    try:
        told = _readyz(host, port)
    except (OSError, HTTPException, ValueError) as error:
        advice = "see its log: journalctl -u poste-hub; systemctl restart poste-hub"
        return fail("hub", f"runs, but does not answer at {written(settings.listen)}: {error}", advice)
    if told.pop("hub", "") == "standby" and told.get("database") == "ok":
        return ok("hub", f"stands by at {written(settings.listen)}: another one leads")
    jobs = told.pop("jobs", {})
    ill = [f"{name}: {word}" for name, word in told.items() if word != "ok"]
    late = [f"job {name} {job['status']}" for name, job in jobs.items() if job["status"] != "ok"]
    if ill:
        return fail("hub", "runs, but " + ", ".join(ill + late), "see its log: journalctl -u poste-hub")
    if late:
        return warning("hub", "runs; " + ", ".join(late), "see its log: journalctl -u poste-hub")
    return ok("hub", f"runs at {written(settings.listen)}, {len(jobs)} jobs are well")


def _readyz(host: str, port: int) -> dict[str, Any]:
    connection = HTTPConnection(host, port, timeout=_ASK_WITHIN_S)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        told: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return told
