"""Codes, ids and the keys behind them.

A code is looked up by a keyed hash, so that a stolen database does not give live codes away, and kept sealed for a
reprint. Both keys live in one file beside the database; without it, codes on paper are worth nothing: back it up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from hub.domain.access_code import CodeFormat, draw

KEY_FILE = "hub.key"
_HASH_KEY_BYTES = 32


class KeyFileError(Exception):
    """The key file cannot be used; the text says why and what to do, and never what is in it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`hashing`: 32 random bytes for HMAC-SHA256; `sealing`: a Fernet key."""

    hashing: bytes = field(repr=False)
    sealing: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Keys:
        return cls(secrets.token_bytes(_HASH_KEY_BYTES), Fernet.generate_key())


def load_keys(folder: Path) -> Keys:
    """The keys in `folder`/hub.key, made at the first start (0600) and never overwritten.

    Raises KeyFileError when others may read the file, or when it is not what this program wrote.
    """
    path = folder / KEY_FILE
    if not path.exists():
        _create(path, Keys.fresh())
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"{path} may be read by others: chmod 600 {path}")
    return _read(path)


def _create(path: Path, keys: Keys) -> None:
    """Whole or not at all, and only where there is none: of two first starts, the second takes the first one's keys."""
    text = json.dumps({"hashing": base64.b64encode(keys.hashing).decode(), "sealing": keys.sealing.decode()})
    draft = path.with_name(f".{path.name}.{uuid.uuid4()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> Keys:
    keys: Keys | None
    try:
        held = json.loads(path.read_text())
        keys = Keys(base64.b64decode(held["hashing"], validate=True), held["sealing"].encode())
        Fernet(keys.sealing)
    except (ValueError, KeyError, TypeError, AttributeError):
        keys = None
    if keys is None or len(keys.hashing) != _HASH_KEY_BYTES:
        # Outside the except clause: the cause of the error would quote what is in the file.
        raise KeyFileError(f"{path} is damaged: restore it from a backup (without it, codes on paper no longer work)")
    return keys


class KeyedMint:
    """A `Mint` on the operating system's generator."""

    def __init__(self, keys: Keys) -> None:
        self._hashing = keys.hashing
        self._seal = Fernet(keys.sealing)

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def new_code(self, form: CodeFormat) -> str:
        return draw(form, secrets.randbelow)

    def hash_code(self, code: str) -> str:
        return hmac.new(self._hashing, code.encode(), hashlib.sha256).hexdigest()

    def seal_code(self, code: str) -> bytes:
        return self._seal.encrypt(code.encode())

    def open_code(self, sealed: bytes) -> str:
        try:
            return self._seal.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError("this code was sealed with another key") from error
