"""A post's node.toml: what its node needs to reach this hub, and to start from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from hub.domain.post import Access
from hub.main.access import authority
from hub.settings import Settings

NODE_FILE = "node.toml"


def node_files(settings: Settings, access: Access, *, profile: str) -> Mapping[str, str | None]:
    """All that a node needs to reach this hub: see `hub.adapters.web.context.NodeFiles`."""
    ca = authority(settings)
    files: dict[str, str | None] = {NODE_FILE: node_file(access, ca, profile=profile)}
    return files if ca is None else files | {ca.name: access.ca}


def node_file(
    access: Access,
    ca: Path | None,
    *,
    journal: str = "/var/lib/poste-node",
    staged_s: int = 0,
    profile: str | None = None,
) -> str:
    """The file's text, with the password: to be written 0600.

    `ca`: see `hub.main.access.authority`. `profile`: the hardware, as firmware_config knows it; else two relays and a
    keyboard, where `staged_s` says how much later than the display USB follows.
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
    if profile is not None:
        return "\n".join([*lines, "[hardware]", f"profile = {_quoted(profile)}", ""])
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
