"""A virtual machine that runs one shell command on the host's files, and is never waited for in vain."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LAST_LINES = 25
HOST = "10.0.2.2"
"""Where the machine finds what listens on this host's loopback."""
_KERNEL_WORDS = "console=ttyS0 quiet panic=-1 edd=off mitigations=off no5lvl"


class MachineError(Exception):
    """The machine did not do its work; the text says why, with the last lines of its console."""


@dataclass(frozen=True, slots=True)
class Machine:
    """QEMU with a folder that `kernel.sh` made.

    No KVM: the same everywhere, and ten times slower. One processor: two took half as long again for the same work.
    """

    folder: Path
    qemu: str = "qemu-system-x86_64"

    @property
    def shared(self) -> Path:
        """A folder that the machine may write: /run/hil there."""
        return self.folder / "run"

    @property
    def console(self) -> Path:
        """What the kernel has said."""
        return self.shared / "console"

    def tidy(self) -> None:
        """Leave nothing of an earlier run in the shared folder."""
        self.shared.mkdir(parents=True, exist_ok=True)
        for left in self.shared.iterdir():
            left.unlink()

    async def run(self, command: str, *, within_s: float, tell: Callable[[str], object] = sys.stdout.write) -> int:
        """Boot, run a command for /bin/sh, power off; its exit status. `tell` gets its output, line by line.

        MachineError when there is no exit status, or not in time. However this ends, the machine has ended too.
        """
        if shutil.which(self.qemu) is None:
            raise MachineError(f"no {self.qemu}: install qemu-system-x86")
        (self.shared / "command").write_text(command + "\n", encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            *self._words(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                async for line in process.stdout:
                    tell(line.decode(errors="replace").replace("\r", ""))
                await process.wait()
        except TimeoutError:
            raise MachineError(f"not done within {within_s:g} s, and killed{self._last_words()}") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        status = self.shared / "status"
        if not status.exists():
            raise MachineError(f"ended without a result{self._last_words()}")
        return int(status.read_text())

    def _words(self) -> list[str]:
        root = "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"
        run = f"local,path={_escaped(self.shared)},mount_tag=run,security_model=none"
        return [
            # Whatever kills this process takes the machine along.
            *("setpriv", "--pdeathsig", "KILL", self.qemu),
            # A Raspberry Pi has no PC keyboard, which the node would take for its keypad.
            *("-accel", "tcg", "-M", "q35,i8042=off", "-cpu", "max", "-smp", "1", "-m", "2048"),
            *("-display", "none", "-monitor", "none", "-no-reboot"),
            *("-netdev", "user,id=cable", "-device", "virtio-net-pci,netdev=cable,romfile="),
            *("-serial", f"file:{_escaped(self.console)}", "-serial", "stdio"),
            *("-kernel", str(self.folder / "vmlinuz"), "-initrd", str(self.folder / "initrd.gz")),
            *("-virtfs", root, "-virtfs", run, "-append", _KERNEL_WORDS),
        ]

    def _last_words(self) -> str:
        text = self.console.read_text(errors="replace") if self.console.exists() else ""
        lines = [line for line in text.replace("\r", "").splitlines() if line.strip()][-LAST_LINES:]
        return "; its console's last lines:\n" + "\n".join(lines) if lines else "; its console is silent"


def _escaped(path: Path) -> str:
    """As QEMU's options have it: a comma ends a value, two are one."""
    return str(path).replace(",", ",,")
