"""The panel in its languages: which one, and that none of its texts is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hub.adapters.web.i18n import LOCALES, choose_language, load_texts
from hub.wire.terms import Language

HUB = Path(__file__).parents[5] / "hub"
KEYWORDS = {"_": None, "t": None, "tn": (1, 2), "ngettext": (1, 2)}
METHODS = [("adapters/web/templates/**.html", "jinja2"), ("adapters/web/static/js/**.js", "javascript")]
PLACE = re.compile(r"\{\w+\}|%\(\w+\)s")


def texts() -> Iterator[str | tuple[str, ...]]:
    """Every text of templates and scripts."""
    for _, _, message, _, _ in extract_from_dir(str(HUB), METHODS, keywords=KEYWORDS):
        yield message


def catalogue(language: Language) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "hub.po").open("rb") as file:
        return read_po(file, locale=language.value, abort_invalid=True)


def test_every_text_is_in_every_catalogue_and_has_its_french() -> None:
    wanted = set(texts())
    assert len(wanted) > 100
    for language in Language:
        held = {message.id for message in catalogue(language) if message.id}
        assert held == wanted, "make texts"
    untold = [message.id for message in catalogue(Language.FR) if message.id and not all(_forms(message.string))]
    assert untold == []


def _forms(text: object) -> tuple[str, ...]:
    assert isinstance(text, str | tuple | list)
    return (text,) if isinstance(text, str) else tuple(text)


def test_a_translation_has_the_same_places_to_fill_in() -> None:
    for message in catalogue(Language.FR):
        for form in _forms(message.string) if message.id else ():
            assert set(PLACE.findall(form)) == set(PLACE.findall(_forms(message.id)[0])), form


def test_no_french_line_begins_with_a_sign() -> None:
    """A colon has a no-break space before it, `;`, `!` and `?` a narrow one."""
    for message in catalogue(Language.FR):
        for form in _forms(message.string) if message.id else ():
            assert not re.search(r"(?<!\u00a0):(?!//)|(?<!\u202f)[;!?]", form), form


def test_the_alphabets_for_spelling_have_a_word_for_each_letter() -> None:
    told = json.loads(load_texts()[Language.FR].for_scripts)
    french = next(told[text] for text in told if text.startswith("Alfa ")).split()
    french += next(told[text] for text in told if text.startswith("November ")).split()
    assert [word[0] for word in french] == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_scripts_and_templates_get_the_same_texts() -> None:
    french = load_texts()[Language.FR]
    assert french.translations.gettext("New code") == json.loads(french.for_scripts)["New code"] == "Nouveau code"
    assert json.loads(french.for_scripts)["{n} post free"] == ["{n} poste libre", "{n} postes libres"]
    assert load_texts()[Language.EN].translations.gettext("New code") == "New code"


@pytest.mark.parametrize(
    ("asked", "accepted", "house", "chosen"),
    [
        ("en", "fr", "fr", "en"),
        ("xx", "en", "fr", "en"),
        (None, "fr-CA, en;q=0.8", "en", "fr"),
        (None, "de, en;q=0.5, fr;q=0.9", "en", "fr"),
        (None, "en;q=0, fr;q=0.1", "en", "fr"),
        (None, "de", "fr", "fr"),
        (None, "", "en", "en"),
        (None, "en;q=many, ;;, *", "fr", "fr"),
    ],
)
def test_which_language(asked: str | None, accepted: str, house: str, chosen: str) -> None:
    assert choose_language(asked, accepted, Language(house)) is Language(chosen)
