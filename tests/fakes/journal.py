"""A journal in memory: it survives a simulated power cut as long as the object is kept, and can be full."""

from __future__ import annotations

from node.core.ledger import Record
from node.ports import JournalError, Loaded


class MemoryJournal:
    """`ports.Journal` without a disk. `broken`: every save fails; `saved`: every record that became durable."""

    def __init__(self, record: Record | None = None, *, older: bool = False) -> None:
        self.saved: list[Record] = [] if record is None else [record]
        self.broken = False
        self._older = older
        self._loaded = False

    def load(self) -> Loaded:
        self._loaded = True
        return Loaded(self.saved[-1] if self.saved else None, older=self._older)

    def save(self, record: Record) -> None:
        if not self._loaded:
            raise RuntimeError("the journal has to be loaded before it is saved")
        if self.broken:
            raise JournalError("journal: No space left on device")
        self.saved.append(record)
