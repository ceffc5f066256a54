"""The journal on disk: two generations of one record, each whole or not there, in a folder of its own.

A save writes a temporary file, makes it durable, and renames it over the *older* generation; so the newer one is never
touched, and a power cut at any point leaves the record before or the record after. A file is one header line
(`poste-journal FORMAT GENERATION SHA256`) and the record as JSON; the checksum covers the header's figures as well.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from hub.wire.codec import Nonsense, reader
from node.core.ledger import Record
from node.ports import JournalError, Loaded

FORMAT = 1
NAMES = ("journal-a", "journal-b")
TEMPORARY = "journal.tmp"
LARGEST = 1024 * 1024

_VERSION = re.compile(rb"poste-journal ([0-9]{1,9}) ")
_HEADER = re.compile(rb"poste-journal ([0-9]{1,9}) ([0-9]{1,18}) ([0-9a-f]{64})")


class Files:
    """The system calls of the journal, one method each, so that a test can cut the power before and after each."""

    def make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self, path: Path) -> bytes:
        with path.open("rb") as file:
            return file.read(LARGEST)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def write(self, file: int, content: bytes) -> int:
        return os.write(file, content)

    def sync(self, file: int) -> None:
        os.fsync(file)

    def close(self, file: int) -> None:
        os.close(file)

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def sync_folder(self, folder: Path) -> None:
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)


@dataclass(frozen=True, slots=True)
class _Generation:
    number: int
    record: Record


class _Unreadable(Exception):
    """A file that holds no record of ours; `newer`: of a later program than this one."""

    def __init__(self, *, newer: bool = False) -> None:
        super().__init__("not a readable journal")
        self.newer = newer


class JournalFile:
    """`ports.Journal` in a folder (made 0700 when it is not there). One process at a time; `load` before `save`."""

    def __init__(self, folder: Path, files: Files | None = None) -> None:
        self._folder = folder
        self._files = files or Files()
        self._number: int | None = None
        self._newest = NAMES[1]

    def load(self) -> Loaded:
        """The newest record that can be read; JournalError when the folder itself cannot be used."""
        try:
            self._files.make_folder(self._folder)
            return self._load()
        except OSError as error:
            raise self._error(error) from error

    def save(self, record: Record) -> None:
        """Durable when it returns. After a JournalError the record before stands, until the next save that works.

        When only the very last step failed (the folder's own fsync), a power cut before that next save may bring
        the new record after all: either of the two, never a mixture.
        """
        if self._number is None:
            raise RuntimeError("the journal has to be loaded before it is saved")
        # A number is never used twice, not even after a failure that may have left its file behind.
        self._number += 1
        target = NAMES[1 - NAMES.index(self._newest)]
        try:
            self._write(_to_bytes(_Generation(self._number, record)), self._folder / target)
        except OSError as error:
            raise self._error(error) from error
        self._newest = target

    def _load(self) -> Loaded:
        good: dict[str, _Generation] = {}
        bad: dict[str, _Unreadable] = {}
        for name in NAMES:
            try:
                good[name] = self._read(self._folder / name)
            except FileNotFoundError:
                continue
            except _Unreadable as problem:
                bad[name] = problem
        # A later program's journal is kept for it, and so is all there is when nothing can be read.
        aside = [self._put_aside(name) for name, problem in bad.items() if problem.newer or not good]
        if not good:
            self._number, self._newest = 0, NAMES[1]
            return Loaded(None, aside=", ".join(aside) or None)
        self._newest, newest = max(good.items(), key=lambda item: item[1].number)
        self._number = newest.number
        # The first save ever leaves one file. Later, a lone one may be the elder of two (R24).
        older = len(good) == 1 and (newest.number > 1 or bool(bad))
        return Loaded(newest.record, older=older, aside=", ".join(aside) or None)

    def _read(self, path: Path) -> _Generation:
        try:
            content = self._files.read(path)
        except (FileNotFoundError, PermissionError):
            raise
        except OSError as error:
            # A bad block under one generation is what the other one is for.
            raise _Unreadable from error
        return _from_bytes(content)

    def _put_aside(self, name: str) -> str:
        number = 1
        while (aside := self._folder / f"{name}.bad-{number}").exists():
            number += 1
        self._files.rename(self._folder / name, aside)
        self._files.sync_folder(self._folder)
        return aside.name

    def _write(self, content: bytes, target: Path) -> None:
        temporary = self._folder / TEMPORARY
        file = self._files.create(temporary)
        try:
            while content:
                content = content[self._files.write(file, content) :]
            self._files.sync(file)
        finally:
            self._files.close(file)
        self._files.rename(temporary, target)
        self._files.sync_folder(self._folder)

    def _error(self, error: OSError) -> JournalError:
        return JournalError(f"{error.filename or self._folder}: {error.strerror or type(error).__name__}")


def _to_bytes(generation: _Generation) -> bytes:
    body = json.dumps(asdict(generation.record), ensure_ascii=False, separators=(",", ":")).encode()
    checksum = _checksum(generation.number, body)
    return f"poste-journal {FORMAT} {generation.number} {checksum}\n".encode() + body


def _from_bytes(content: bytes) -> _Generation:
    header, _, body = content.partition(b"\n")
    version = _VERSION.match(header)
    if version is not None and int(version[1]) > FORMAT:
        raise _Unreadable(newer=True)
    told = _HEADER.fullmatch(header)
    if told is None or int(told[1]) != FORMAT or told[3].decode() != _checksum(int(told[2]), body):
        raise _Unreadable
    return _Generation(int(told[2]), _record(body))


def _record(body: bytes) -> Record:
    try:
        record: Record = reader(Record)(json.loads(body), "record")
    except (ValueError, RecursionError, Nonsense) as error:
        raise _Unreadable from error
    return record


def _checksum(number: int, body: bytes) -> str:
    return sha256(f"{FORMAT} {number}\n".encode() + body).hexdigest()
