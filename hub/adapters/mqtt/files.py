"""What the managed broker keeps in its folder: configuration, accounts, certificates, pid, lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import IO

from hub.adapters.mqtt.accounts import Account, AccountKind, acl_file, password_file
from hub.adapters.mqtt.certificates import ensure_certificates
from hub.adapters.mqtt.config import STORE, Listener, Tls, mosquitto_conf
from hub.adapters.mqtt.ports import Address, BrokerError

POSTS = "posts"
HUB = "hub"
MAY_USE = {
    POSTS: (AccountKind.POST, AccountKind.MONITOR),
    HUB: (AccountKind.HUB, AccountKind.MONITOR),
}
"""Who may use which listener: a post never the hub's, where client ids are free to choose."""


class BrokerFiles:
    """The folder of one broker. Every file is its owner's alone, and replaced at once, never half-written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.conf = self.folder / "mosquitto.conf"
        self.pid = self.folder / "mosquitto.pid"
        self.ca = self.folder / "ca.pem"

    def lock(self) -> IO[str]:
        """Make the folder and take its lock, held until closed or this process dies; BrokerError when it is held."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.folder / "mosquitto.lock").open("a")
        except OSError as error:
            raise BrokerError(f"cannot use {self.folder}: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise BrokerError(f"another hub runs its broker in {self.folder}") from error
        return lock

    def write(self, addresses: Mapping[str, Address], tls: Collection[str], accounts: Iterable[Account]) -> None:
        """Everything that Mosquitto reads at its start, with certificates for the listeners in `tls`.

        BrokerError when the folder does not take it.
        """
        try:
            self._write(addresses, tls, accounts)
        except OSError as error:
            raise BrokerError(f"cannot write {error.filename or self.folder}: {error.strerror}") from error
        except ValueError as error:
            told = "restore both from a backup, or remove both and carry the new ca.pem to every node"
            raise BrokerError(f"{self.ca} or ca.key beside it is damaged: {told}") from error

    def _write(self, addresses: Mapping[str, Address], tls: Collection[str], accounts: Iterable[Account]) -> None:
        pair: Tls | None = None
        if tls:
            made = ensure_certificates(self.folder, [addresses[name][0] for name in tls])
            pair = Tls(made.certificate, made.key)
        listeners = tuple(self._listener(name, addresses[name], pair if name in tls else None) for name in MAY_USE)
        _write(self.conf, mosquitto_conf(self.folder, listeners, as_root=os.geteuid() == 0))
        self.write_accounts(accounts)

    def write_accounts(self, accounts: Iterable[Account]) -> None:
        """Both listeners' passwords and rights; a running broker reads them at a SIGHUP."""
        accounts = tuple(accounts)
        for name, kinds in MAY_USE.items():
            passwords, rights = self._account_files(name)
            some = [account for account in accounts if account.kind in kinds]
            _write(rights, acl_file(some))
            _write(passwords, password_file(some))

    def write_pid(self, pid: int) -> None:
        """Remember whom to end, should we die first."""
        _write(self.pid, f"{pid}\n")

    def put_store_aside(self) -> Path:
        """Let Mosquitto begin with nothing retained; returns where the old store is now."""
        aside = self.folder / f"{STORE}.unreadable"
        (self.folder / STORE).replace(aside)
        return aside

    def _listener(self, name: str, address: Address, tls: Tls | None) -> Listener:
        passwords, rights = self._account_files(name)
        return Listener(*address, passwords, rights, username_is_client_id=name == POSTS, tls=tls)

    def _account_files(self, name: str) -> tuple[Path, Path]:
        return self.folder / f"{name}.passwords", self.folder / f"{name}.acl"


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    aside.replace(path)
