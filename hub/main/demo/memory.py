"""What the demo keeps between two starts: DATA/demo.json, readable by its owner only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hub.main.private import write_private

MEMORY_FILE = "demo.json"


@dataclass
class Memory:
    """Secrets, ports and pids of one demo room."""

    username: str = "demo"
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    post_passwords: dict[str, str] = field(default_factory=dict, repr=False)
    ports: dict[str, int] = field(default_factory=dict)
    """By name: panel, broker, hub_broker, and each post's id."""
    pids: dict[str, Any] = field(default_factory=dict)


def load_memory(data: Path) -> Memory:
    """What the last demo in this folder left; empty at the first start. ValueError when the file is damaged."""
    path = data / MEMORY_FILE
    if not path.exists():
        return Memory()
    try:
        return Memory(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is damaged: remove {data} to begin with an empty room") from error


def save_memory(data: Path, memory: Memory) -> None:
    """Write it, whole or not at all."""
    write_private(data / MEMORY_FILE, json.dumps(asdict(memory), indent=2) + "\n")
