"""A note beside the journal of how the program has ended lately, so that a loop of crashes is seen as one."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

NAME = "starts.json"
WINDOW_MS = 15 * 60_000
LIMIT = 5
"""So many crashes within WINDOW_MS are a loop."""
PAUSE_MS = 5 * 60_000
"""How long a start after that stays in safe mode. Shorter than the window: a crash after the pause is one again."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Note:
    """`machine`: the kernel's boot; `crashes`: their instants on its clock, in ms; `running`: no end was noted yet."""

    machine: str
    crashes: tuple[int, ...] = ()
    running: bool = False


class CrashFile:
    """Counts the ends without a goodbye: killed, crashed, or given up. Two small writes a run, and none between.

    A start of the machine begins anew, for a power cut is nobody's fault; `machine` names that start. A note that
    cannot be read or written is told in the log and stops nothing: the journal has its own way with a bad disk.
    """

    def __init__(self, folder: Path, machine: str | None = None) -> None:
        self._path = folder / NAME
        self._machine = machine_start() if machine is None else machine
        self._note = _Note(self._machine)

    def begin(self, now_ms: int, *, power_cut: bool = False) -> int:
        """Note a start; how many crashes lie within WINDOW_MS. `power_cut`: the run before was cut, and no crash."""
        before = self._read()
        if before is None or before.machine != self._machine or power_cut:
            before = _Note(self._machine)
        crashes = (*before.crashes, now_ms) if before.running else before.crashes
        recent = tuple(at_ms for at_ms in crashes if 0 <= now_ms - at_ms < WINDOW_MS)[-LIMIT:]
        self._note = _Note(self._machine, recent, running=True)
        self._write()
        return len(recent)

    def end(self) -> None:
        """Note an orderly end."""
        self._note = _Note(self._machine, self._note.crashes)
        self._write()

    def _read(self) -> _Note | None:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return _Note(str(told["machine"]), tuple(int(at) for at in told["crashes"]), bool(told["running"]))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            _log.warning("%s cannot be read, and counts for nothing: %s", self._path, type(error).__name__)
            return None

    def _write(self) -> None:
        """Whole or not at all for whoever reads it; not synced, because a power cut forgets it anyway."""
        note, temporary = self._note, self._path.with_suffix(".tmp")
        content = json.dumps({"machine": note.machine, "crashes": note.crashes, "running": note.running})
        try:
            temporary.write_text(content, encoding="utf-8")
            temporary.replace(self._path)
        except (FileNotFoundError, NotADirectoryError):
            return  # no folder yet, before the first start: the journal makes it, or says why it cannot
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._path, error.strerror or error)


def machine_start() -> str:
    """An id of this start of the machine."""
    return _BOOT_ID.read_text(encoding="ascii").strip()
