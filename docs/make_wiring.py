"""Draws the wiring diagrams of docs/wiring, and the table of profiles in docs/hardware.md, from the shipped profiles.

python -m docs.make_wiring            writes what has changed, and removes drawings of profiles that are gone
python -m docs.make_wiring --check    changes nothing; exits 1 when something is stale, and says what
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from firmware_config.drawing import wiring_svg
from firmware_config.modules import LANGUAGES, modules
from firmware_config.pins import PI_NAMES
from firmware_config.profiles import Profile, known_profiles, load_profile

FOLDER = Path(__file__).parent
BEGIN, END = "<!-- profiles -->", "<!-- end: profiles -->"


def drawings() -> dict[str, str]:
    """Every diagram by its file's name in docs/wiring."""
    found = {}
    for name in known_profiles():
        profile = load_profile(name)
        for language in LANGUAGES:
            title = profile.title_fr if language == "fr" else profile.title_en
            found[f"{name}.{language}.svg"] = wiring_svg(profile.hardware, title, language)
    return found


def table() -> str:
    """The profiles, one row each, with links to their drawings."""
    rows = ["| profile | Pi | relays | what | wires | drawing |", "|---|---|---|---|---|---|"]
    return "\n".join([*rows, *(_row(load_profile(name)) for name in known_profiles())])


def redone(page: str) -> str:
    """The page with a fresh table; ValueError where the markers are missing."""
    before, found, rest = page.partition(f"{BEGIN}\n")
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"the page needs the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(description="Draw the wiring of every shipped profile.")
    parser.add_argument("--check", action="store_true", help="only say whether they are fresh")
    check = parser.parse_args(arguments).check
    page = folder / "hardware.md"
    wanted = {page: redone(page.read_text(encoding="utf-8"))}
    wanted |= {folder / "wiring" / name: drawing for name, drawing in drawings().items()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    gone = [path for path in sorted((folder / "wiring").glob("*.svg")) if path not in wanted]
    if check and (stale or gone):
        names = ", ".join(path.name for path in (*stale, *gone))
        parser.exit(1, f"stale: {names}; run: python -m docs.make_wiring\n")
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    for path in gone:
        path.unlink()
    return 0


def _row(profile: Profile) -> str:
    hardware = profile.hardware
    relays = ", ".join(f"{relay.name}: {relay.pin}{'' if relay.active_high else ' (low)'}" for relay in hardware.relays)
    wires = sum(len(module.wires) for module in modules(hardware))
    links = ", ".join(f"[{language}](wiring/{profile.name}.{language}.svg)" for language in LANGUAGES)
    cells = (f"`{profile.name}`", PI_NAMES[hardware.pi], relays, profile.title_en, str(wires), links)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main())
