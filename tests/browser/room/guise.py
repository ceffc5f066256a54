"""How somebody sees the panel: in a language, in a window. One story is told in all guises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from itertools import product
from typing import Any

from hub.adapters.web.i18n import load_texts
from hub.wire.terms import Language
from node.adapters.sim.words import EN, FR

_SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


class _NoSuchText(NullTranslations):
    """A story must not look for words that the panel never says."""

    def gettext(self, message: str) -> str:
        raise LookupError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise LookupError(msgid1)


_TEXTS = {language: texts.translations for language, texts in load_texts().items()}
_TEXTS[Language.FR].add_fallback(_NoSuchText())


@dataclass(frozen=True, slots=True)
class Guise:
    """A language, and the name of a size."""

    language: Language
    size: str

    @property
    def name(self) -> str:
        """Unlike any other guise's; for what a story makes in a room that others use, too."""
        return f"{self.language.value}-{self.size}"

    @property
    def options(self) -> dict[str, Any]:
        """Of a browser of this guise."""
        width, height = _SIZES[self.size]
        return {"locale": self.language.value, "viewport": {"width": width, "height": height}}

    @property
    def keypad(self) -> Mapping[str, str]:
        """The words of a simulated post's page."""
        return {Language.FR: FR, Language.EN: EN}[self.language]

    def t(self, english: str, **values: object) -> str:
        """A text of the panel as this guise reads it, its `{n}` or `%(n)s` filled in; LookupError for one without."""
        _TEXTS[Language.FR].gettext(english)
        return _filled(_TEXTS[self.language].gettext(english), values)

    def tn(self, one: str, many: str, n: int) -> str:
        """The same for a text that counts."""
        _TEXTS[Language.FR].ngettext(one, many, n)
        return _filled(_TEXTS[self.language].ngettext(one, many, n), {"n": n})


def _filled(text: str, values: Mapping[str, object]) -> str:
    return re.sub(r"%\((\w+)\)s|\{(\w+)\}", lambda found: str(values[found[1] or found[2]]), text)


GUISES = [Guise(*each) for each in product(Language, _SIZES)]
GUISES_LEFT_OUT = [guise for guise in GUISES if guise.name not in {"fr-phone", "en-desktop"}]
"""Only with --every-guise: French, whose words are longer, is read on a phone, where they have least room."""
