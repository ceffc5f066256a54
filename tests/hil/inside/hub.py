"""The real hub, which runs on the host, through its API."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.hil.machine import HOST
from tests.hil.room import POST, ROOM_FILE

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hub:
    """The desk's way to it."""

    url: str
    name: str
    token: str = field(repr=False)
    codes: list[str] = field(default_factory=list, repr=False)
    """Every code that it has issued here."""

    @classmethod
    def of(cls, shared: Path) -> Hub:
        """As the host has told in the shared folder."""
        told = json.loads((shared / ROOM_FILE).read_text())
        panel = urlsplit(told["panel"])
        return cls(f"http://{HOST}:{panel.port}/api/v1", panel.netloc, told["token"])

    def issue(self, duration_s: int) -> JSON:
        """A new session, with its code."""
        issued = self._ask("POST", "/sessions", {"duration_s": duration_s})
        self.codes.append(issued["code"])
        return issued

    def session(self, issued: JSON) -> JSON:
        return self._ask("GET", f"/sessions/{issued['id']}")

    def post(self) -> JSON:
        return self._ask("GET", f"/posts/{POST}")

    def incidents(self) -> list[str]:
        """Kinds of the post's incidents so far."""
        entries = self._ask("GET", f"/logs?action=incident&post={POST}&page_size=200")["items"]
        return [entry["details"]["kind"] for entry in entries]

    def _ask(self, method: str, path: str, body: JSON | None = None) -> JSON:
        headers = {"Authorization": f"Bearer {self.token}", "Host": self.name, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(json.load(answer))
