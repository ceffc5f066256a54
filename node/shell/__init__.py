"""The node's one loop: events from the ports, steps of the core, effects on the ports."""

from __future__ import annotations

from node.shell.parts import Ports, ShellDied
from node.shell.shell import Shell

__all__ = ["Ports", "Shell", "ShellDied"]
