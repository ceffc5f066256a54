"""What every Screen does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from node.core.screen import Layout, Picture
from node.ports import Screen, ScreenError

CLOCK = Picture(Layout.CLOCK, "Temps restant", "1:23:45", ("Pause ou Fin : touche",), bar=0.5)
PICTURES = [
    Picture(Layout.MESSAGE, "Médiathèque Éluard", lines=("Tapez votre code,", "puis validez", "Aide : ?")),
    Picture(Layout.MESSAGE, "Démarrage…"),
    Picture(Layout.CODE, "Votre code", "K7M2QX", ("Validez avec Entrée",), slots=6),
    Picture(Layout.NOTICE, "Message de l’accueil", lines=("La médiathèque ferme", "dans dix minutes.")),
    Picture(Layout.PATTERN, "Essai écran", lines=("Bords visibles ?",)),
    CLOCK,
    Picture(Layout.CLOCK, "Temps écoulé", "0:59", ("Enregistrez tout !",), bar=0.02, blink=True),
]


@dataclass
class ScreenBench:
    """A screen, and the eyes before it. `fail`: from now on it does not answer, or it does again."""

    screen: Screen
    shows: Callable[[Picture], bool]
    dark: Callable[[], bool]
    fail: Callable[[bool], None] | None = None


class ScreenSuite:
    """It shows the last picture, and is dark when it is closed."""

    @pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.layout)
    def test_it_shows_every_layout(self, bench: ScreenBench, picture: Picture) -> None:
        bench.screen.show(picture)
        assert bench.shows(picture)
        bench.screen.show(CLOCK)
        assert bench.shows(CLOCK)
        assert picture == CLOCK or not bench.shows(picture)

    def test_the_same_picture_again_stays(self, bench: ScreenBench) -> None:
        bench.screen.show(CLOCK)
        bench.screen.show(replace(CLOCK))
        assert bench.shows(CLOCK)

    def test_it_is_dark_once_it_is_closed(self, bench: ScreenBench) -> None:
        bench.screen.show(CLOCK)
        assert not bench.dark()
        bench.screen.close()
        assert bench.dark()

    def test_one_that_never_showed_anything_closes(self, bench: ScreenBench) -> None:
        bench.screen.close()


class FailingScreenSuite(ScreenSuite):
    """And one that can fail says so, and is well again by itself."""

    def test_one_that_does_not_answer_says_so_and_heals(self, bench: ScreenBench) -> None:
        assert bench.fail is not None, "this is a screen that can fail"
        bench.fail(True)
        with pytest.raises(ScreenError, match="does not answer"):
            bench.screen.show(CLOCK)
        bench.fail(False)
        bench.screen.show(CLOCK)
        assert bench.shows(CLOCK)
        bench.fail(True)
        with pytest.raises(ScreenError, match="does not answer"):
            bench.screen.show(PICTURES[0])
        bench.fail(False)
        bench.screen.show(PICTURES[0])
        assert bench.shows(PICTURES[0])
