"""A disk in memory, as a power cut would find it: what was not made durable may be there or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from node.adapters.journal_file import Files

__all__ = ["Disk", "Files"]


class Disk(Files):
    """The journal's system calls on files in memory. `durable`: what is sure to survive, by name.

    `watch` is told "before CALL" and "after CALL" of each call that changes something; the write is told in two parts.
    """

    def __init__(self, durable: dict[str, bytes] | None = None) -> None:
        self.durable = dict(durable or {})
        self.watch: Callable[[str], None] = lambda _: None
        self._open = ""
        self._written = b""
        self._synced = True
        self._renamed: tuple[str, str] | None = None

    def make_folder(self, folder: Path) -> None:
        """It is there."""

    def read(self, path: Path) -> bytes:
        if path.name not in self.durable:
            raise FileNotFoundError(2, "No such file", str(path))
        return self.durable[path.name]

    def create(self, path: Path) -> int:
        self.watch("before create")
        if not self._synced:
            self.durable[self._open] = b""  # the worst that can have become of a file that was never made durable
        self._open, self._written, self._synced = path.name, b"", False
        self.watch("after create")
        return 3

    def write(self, file: int, content: bytes) -> int:
        self.watch("before write")
        part = content[: len(content) // 2 + 1]
        self._written += part
        self.watch("after write")
        return len(part)

    def sync(self, file: int) -> None:
        self.watch("before sync")
        self._synced = True
        self.watch("after sync")

    def close(self, file: int) -> None:
        self.watch("before close")
        self.watch("after close")

    def rename(self, source: Path, target: Path) -> None:
        self.watch("before rename")
        self._renamed = (source.name, target.name)
        self.watch("after rename")

    def sync_folder(self, folder: Path) -> None:
        self.watch("before sync_folder")
        self.durable = list(self.survivors())[-1]
        if self._synced:
            self._open = ""
        elif self._renamed:
            self._open = self._renamed[1]  # durable by name, while its content is still unsure
        self._renamed = None
        self.watch("after sync_folder")

    def survivors(self) -> Iterator[dict[str, bytes]]:
        """Every content that the disk may have when the power is back; the last is that of no power cut at all."""
        contents = [self._written] if self._synced else [b"", self._written[: len(self._written) // 2], self._written]
        for content in contents:
            for moved in (False, True) if self._renamed else (False,):
                found = dict(self.durable)
                if self._open:
                    found[self._open] = content
                if moved and self._renamed:
                    found[self._renamed[1]] = found.pop(self._renamed[0], content)
                yield found
