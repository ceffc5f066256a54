"""The panel's scripts, style and icons: few files, made once at start from the small ones in `static/`.

A page then asks three times instead of twenty. How paper is cut (`print/`) is a file for each size, because only one of
them may count. There is no build step: scripts are plain ES modules as they are
written, and joining them means wrapping each in a function. Only what the modules here use is understood, anything
else is refused at start: `import { a, b } from "./file.js";`, and `export` before a function, class or const.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parents[1] / "static"
ENTRIES = ("panel", "page", "wall")
"""Scripts that pages ask for: the board's, that of pages with forms, and the wall's."""
PLOTTING = Path("vendor") / "uplot"
"""The library that draws plots, as it was released; `plots.js` is it and our own, for the page that has any."""
_SYMBOL = re.compile(r"<symbol .*</symbol>")
_IMPORT = re.compile(r'^import \{([^}]+)\} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served; `packed` is the same, gzipped."""

    content_type: str
    plain: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Assets:
    """All of them by name. `version` is new whenever one of them is, so that browsers may keep them for ever.

    `drawings`: the icons as a page carries them in itself, `<symbol id="i-NAME">` each: two hundred references to one
    in another file take a browser longer than all else on the board.
    """

    files: Mapping[str, Asset]
    version: str
    drawings: Markup

    def url(self, name: str) -> str:
        """Where a file is; KeyError for one that there is not."""
        self.files[name]
        return f"/static/{name}?v={self.version}"


@cache
def load_assets(folder: Path = STATIC) -> Assets:
    """Read and join the files of `static/`, once a program; OSError or ValueError when they cannot be."""
    icons = (folder / "icons.svg").read_text("utf-8")
    style = b"\n".join(path.read_bytes() for path in sorted((folder / "css").glob("*.css")))
    plots = f"{(folder / PLOTTING / 'uPlot.iife.min.js').read_text('utf-8')}\n{joined(folder / 'js', 'plots')}"
    files = {
        "panel.css": _asset("text/css", style),
        "plots.js": _asset("text/javascript", plots.encode()),
        "plots.css": _asset("text/css", (folder / PLOTTING / "uPlot.min.css").read_bytes()),
        "icon.svg": _asset("image/svg+xml", _without_others(icons, "mark").encode()),
        **{f"{name}.js": _asset("text/javascript", joined(folder / "js", name).encode()) for name in ENTRIES},
        **{path.name: _asset("text/css", path.read_bytes()) for path in (folder / "print").glob("*.css")},
    }
    drawings = Markup("\n").join(map(Markup, _SYMBOL.findall(icons)))
    digest = hashlib.sha256(b"".join(asset.plain for asset in files.values()))
    return Assets(files, digest.hexdigest()[:12], drawings)


def joined(folder: Path, entry: str) -> str:
    """A module and all that it imports, as one module; ValueError for a circle or a statement we do not understand."""
    done: dict[str, str] = {}
    _join(folder, entry, done, ())
    return "\n".join(done.values())


def _join(folder: Path, name: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"scripts import each other in a circle: {' > '.join((*above, name))}")
    if name in done:
        return
    source = (folder / f"{name}.js").read_text("utf-8")
    for _, imported in _IMPORT.findall(source):
        _join(folder, imported, done, (*above, name))
    body = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = module_{found[2]};", source)
    exported = ", ".join(name for _, name in _EXPORT.findall(body))
    body = _EXPORT.sub(r"\1 \2", body)
    odd = _LEFT_OVER.search(body)
    if odd:
        raise ValueError(f"{name}.js: {odd[0]!r} is more than this page's joining of scripts understands")
    done[name] = f"const module_{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _without_others(icons: str, name: str) -> str:
    """The sprite with one drawing left, which it shows: as the sign of a tab."""
    return _SYMBOL.sub(lambda found: found[0] if f'id="i-{name}"' in found[0] else "", icons)


def _asset(content_type: str, plain: bytes) -> Asset:
    return Asset(content_type, plain, gzip.compress(plain, mtime=0))
