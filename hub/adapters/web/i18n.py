"""The panel's languages: which one a request wants, and its texts.

The catalogues are read from the `.po` files themselves, at start: there is no compiled copy that could be missing or
stale. Texts are written in English in the templates and scripts; a text that a catalogue lacks stays English.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hub.wire.terms import Language

LOCALES = Path(__file__).parents[2] / "locale"


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `for_scripts`: what the scripts say, as JSON: English text -> text, or [one, many] by a number."""

    language: Language
    translations: gettext.NullTranslations
    for_scripts: str


@cache
def load_texts(folder: Path = LOCALES) -> Mapping[Language, Texts]:
    """All languages of the panel, read once a program.

    Raises OSError when a catalogue cannot be read, PoFileError when it makes no sense.
    """
    return {language: _load(language, folder / language / "LC_MESSAGES" / "hub.po") for language in Language}


def choose_language(asked: str | None, accepted: str, house: Language) -> Language:
    """The language of a page: the one asked for before, else the browser's (Accept-Language), else the house's."""
    if asked in set(Language):
        return Language(asked)
    best = negotiate_locale(_by_weight(accepted), [language.value for language in Language], sep="-")
    return Language(best) if best else house


def _by_weight(accepted: str) -> list[str]:
    """The tags of an Accept-Language header that are wanted at all, the dearest first."""
    weighed: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, weight = part.partition(";q=")
        try:
            wanted = float(weight or 1)
        except ValueError:
            continue
        if tag.strip() and wanted > 0:
            weighed.append((wanted, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _load(language: Language, path: Path) -> Texts:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.value, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    told: dict[str, str | list[str]] = {}
    for message in catalogue:
        if not any(place.endswith(".js") for place, _ in message.locations):
            continue
        if isinstance(message.id, tuple | list) and isinstance(message.string, tuple | list) and all(message.string):
            told[message.id[0]] = list(message.string)
        elif isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string:
            told[message.id] = message.string
    return Texts(language, gettext.GNUTranslations(compiled), json.dumps(told, ensure_ascii=False))
