"""What every complaint about a TOML file needs beside tomllib: the line of a key, and the nearest right word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")


def line_of(text: str, table: str, key: str | None = None, *, place: int = 0) -> int:
    """The line (from 1) of `key` in the `place`-th table called `table`, else of its header, else 1.

    `table` may be a plain key at the top, too. Also finds dotted keys (`hub.port = 1`) there. An inline table's keys
    are told by the table's line.
    """
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]") if key is not None else None
    dotted = re.compile(rf"\s*{re.escape(table)}\s*\.\s*[\"']?{re.escape(key or '')}")
    whole = re.compile(rf"\s*[\"']?{re.escape(table)}[\"']?\s*[.=]")
    seen, inside, header, best = -1, False, 0, 0
    for number, line in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(line)
        if found:
            inside = found[2].strip("\"' ") == table
            if inside:
                seen += 1
            inside = inside and seen == place
            header = header or (number if inside else 0)
        elif (inside and wanted and wanted.match(line)) or (seen < 0 and dotted.match(line)):
            return number
        elif seen < 0 and not best and whole.match(line):
            best = number
    return header or best or 1


def nearest(word: object, right: Iterable[str]) -> str:
    """How a refusal ends: the nearest right word, whatever its case, else all of them."""
    known = {one.lower(): one for one in right}
    near = difflib.get_close_matches(str(word).lower(), known, n=1)
    return f": did you mean {known[near[0]]!r}?" if near else f" (known: {', '.join(known.values())})"
