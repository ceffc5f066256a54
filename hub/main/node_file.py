"""A post's node.toml: what its node needs to reach this hub, and to start from."""

from __future__ import annotations

import json
from pathlib import Path

from hub.domain.post import Access


def node_file(access: Access, ca: Path | None, *, journal: str = "/var/lib/poste-node", staged_s: int = 0) -> str:
    """The file's text, with the password: to be written 0600.

    `ca`: see `hub.main.access.authority`. `staged_s`: USB follows the display so many seconds later.
    """
    lines = [
        "[post]",
        f"id = {_quoted(access.username)}",
        'language = "fr"',
        "",
        "[hub]",
        f"host = {_quoted(access.host)}",
        f"port = {access.port}",
        f"username = {_quoted(access.username)}",
        f"password = {_quoted(access.password)}",
    ]
    if ca is not None:
        lines.append(f"ca = {_quoted(ca.name)}")
    lines += ["", "[journal]", f"folder = {_quoted(journal)}", ""]
    lines += ["[[relay]]", 'name = "display"', "pin = 17", "", "[[relay]]", 'name = "usb"', "pin = 27"]
    if staged_s:
        lines += [f"on_delay_s = {staged_s}", f"off_delay_s = {staged_s}"]
    lines.append("")
    # The codes of a new house have letters, which a numeric pad cannot type.
    lines += ["[keypad]", 'keymap = "keyboard"', ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A TOML string; JSON's quoting is the same but for signs beyond the sixteenth bit, which stay as they are."""
    return json.dumps(text, ensure_ascii=False)
