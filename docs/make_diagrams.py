"""Draws the state diagrams of hub/wire/README.md from the tables that the code obeys.

python -m docs.make_diagrams            rewrites what stands between the page's markers, and nothing else
python -m docs.make_diagrams --check    changes nothing; exits 1 when a diagram is stale
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from hub.domain.session import TRANSITIONS
from hub.wire.terms import SessionStatus
from node.core.tables import DIALOGUE, POWER, DialogueState, PowerState

PAGE = Path(__file__).parents[1] / "hub" / "wire" / "README.md"

S = TypeVar("S", bound=StrEnum)
C = TypeVar("C", bound=StrEnum)


def diagram(table: Mapping[S, Mapping[C, S]], first: S) -> str:
    """A table of transitions as a Mermaid state diagram; causes between the same two states share an arrow."""
    arrows: dict[tuple[S, S], list[C]] = {}
    for state, moves in table.items():
        for cause, after in moves.items():
            arrows.setdefault((state, after), []).append(cause)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {state} --> {after}: {', '.join(causes)}" for (state, after), causes in arrows.items()]
    return "\n".join([*lines, "```"])


def diagrams() -> dict[str, str]:
    """Every diagram by the name that its markers carry."""
    return {
        "session": diagram(TRANSITIONS, SessionStatus.PENDING),
        "power": diagram(POWER, PowerState.OFF),
        "dialogue": diagram(DIALOGUE, DialogueState.IDLE),
    }


def redrawn(page: str) -> str:
    """The page with fresh diagrams; ValueError where one has no pair of markers."""
    for name, drawing in diagrams().items():
        begin, end = f"<!-- diagram: {name} -->", f"<!-- end: {name} -->"
        before, found, rest = page.partition(f"{begin}\n")
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"the page needs the lines {begin} and {end}")
        page = f"{before}{begin}\n{drawing}\n{end}{after}"
    return page


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> int:
    parser = argparse.ArgumentParser(description="Draw the state diagrams of the protocol's page from the code.")
    parser.add_argument("--check", action="store_true", help="only say whether they are fresh")
    check = parser.parse_args(arguments).check
    before = page.read_text(encoding="utf-8")
    after = redrawn(before)
    if after == before:
        return 0
    if check:
        parser.exit(1, f"{page}: a diagram is stale; run: python -m docs.make_diagrams\n")
    page.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
