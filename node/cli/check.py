"""poste-node check: is everything there that a post needs, and what to do where it is not."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import fill
from typing import TYPE_CHECKING, Any

from node.cli.common import CommandError, log_to_stderr, parser_for, settings_of

if TYPE_CHECKING:
    from hub.wire.messages import Finding

_EXAMPLES = """\
Stop the post first (systemctl stop poste-node): its pins, its keypad and its account can be held only once.
The exit status is 1 when something is not well.

examples:
  poste-node check --config /etc/poste/node.toml
      keypad, screen, clock, disk, broker and hub; the relays stay off
  poste-node check --config /etc/poste/node.toml --relays
      and each relay on and off, by its feedback pin where it has one: what hangs on it gets power for a moment
  poste-node check --config node.toml --sim --json
      with virtual hardware, on any machine; the findings as JSON
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(
        commands,
        "check",
        "test relays, keypad, screen, clock, disk and broker",
        "Look at every part of this post, and say what to do about those that are not well.",
        _EXAMPLES,
    )
    parser.add_argument("--relays", action="store_true", help="switch the relays on and off, too")
    parser.add_argument("--sim", action="store_true", help="virtual keypad, screen and relays")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of the table")
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Check and tell; 1 when something is not well."""
    log_to_stderr("warning")
    settings = settings_of(words)
    from node.main import NodeError, check

    try:
        findings = asyncio.run(check(settings, simulated=words.sim, switch=words.relays))
    except NodeError as error:
        raise CommandError(str(error)) from error
    well = all(finding.ok for finding in findings)
    print(_json(findings, well=well) if words.json else table(findings))
    return 0 if well else 1


def table(findings: Sequence[Finding]) -> str:
    """A line a finding; below those that are not well, what to do."""
    wide = max(len(finding.what) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what:{wide}}  {finding.told}")
        if not finding.ok and finding.advice:
            indent = " " * (wide + 8)
            lines.append(fill(finding.advice, 100, initial_indent=indent, subsequent_indent=indent))
    return "\n".join(lines)


def _json(findings: Sequence[Finding], *, well: bool) -> str:
    told = [{**asdict(finding), "advice": "" if finding.ok else finding.advice} for finding in findings]
    return json.dumps({"ok": well, "findings": told}, ensure_ascii=False)
