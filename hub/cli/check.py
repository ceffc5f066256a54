"""`poste-hub check`: a doctor for the hub."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import fill
from typing import TYPE_CHECKING, Any

from hub.cli.common import add_house_options, parser_for, saying_why, settings_of

if TYPE_CHECKING:
    from hub.main.checkup import Finding

_EXAMPLES = """  poste-hub check --data /var/lib/poste
      beside a running hub or without one, as the hub's own user; it changes nothing
  poste-hub check --json | jq '.findings[] | select(.level != "ok")'

The exit status is 1 when something does not work; warnings alone leave it at 0.
"""
_WIDE = 100


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(commands, "check", "say what is wrong with this hub, and how to mend it", _EXAMPLES)
    add_house_options(parser)
    for name, about in (
        ("listen", "panel and API"),
        ("broker", "a broker elsewhere"),
        ("mqtt-listen", "the own broker"),
    ):
        parser.add_argument(f"--{name}", metavar="ADDRESS", help=f"{about}, as given to run")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of the table")
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Look, and tell."""
    from hub.main.checkup import Level, check

    findings = saying_why(lambda: check(lambda: settings_of(words, "listen", "broker", "mqtt_listen")))
    well = all(one.level is not Level.FAIL for one in findings)
    if words.json:
        print(json.dumps({"ok": well, "findings": [asdict(one) for one in findings]}, ensure_ascii=False))
    else:
        print(_table(findings))
    return 0 if well else 1


def _table(findings: Sequence[Finding]) -> str:
    words = {"ok": "ok", "warning": "warn", "fail": "FAIL"}
    wide = max(len(one.what) for one in findings)
    lines = []
    for one in findings:
        lines.append(f"{words[one.level]:4}  {one.what:{wide}}  {one.told}")
        if one.advice:
            indent = " " * (wide + 8)
            lines.append(fill(one.advice, _WIDE, initial_indent=indent, subsequent_indent=indent))
    return "\n".join(lines)
