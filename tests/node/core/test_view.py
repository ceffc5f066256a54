"""The screen: one picture for every state, in both languages, never wider than the display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from hub.wire.messages import Grant, Identify, Notice
from hub.wire.terms import DenyReason, Language, SettleReason
from node.core.events import BrokerLost, FaultSeen, Key
from node.core.screen import Layout
from node.core.state import Say
from node.core.texts import TEXTS, Texts
from node.core.view import PAGE_MS, ROWS, WIDTH, clock_text, self_test
from tests.node.core.driver import ENGLISH, GRANT, PostUnderTest, uid


def test_a_post_that_starts_says_so_until_the_hub_is_there() -> None:
    post = PostUnderTest(linked=False)
    assert post.text == "Starting…"
    post.link_up()
    assert post.text == "Type your code"


def test_a_post_whose_hub_stays_away_says_that() -> None:
    post = PostUnderTest(linked=False)
    post.wait(10)
    assert post.text.startswith("Desk out of reach")


def test_a_hub_that_appears_leaves_other_words_alone() -> None:
    post = PostUnderTest()
    post.run(60)
    post.press(Key.PAUSE)
    said = post.text
    post.link_up(uid(3))
    assert post.text == said


def test_idle_shows_the_words_of_the_house_on_three_rows() -> None:
    post = PostUnderTest()
    post.sync(settings=replace(ENGLISH, idle_text="Médiathèque des Lilas. Demandez votre code à l’accueil. " * 3))
    title, *rows = post.picture().text()
    assert title == "Type your code"
    assert len(rows) == ROWS
    assert rows[0] == "Médiathèque des"
    assert rows[-1].endswith("…")


def test_words_of_the_house_are_words_whatever_their_signs() -> None:
    post = PostUnderTest()
    post.sync(settings=replace(ENGLISH, idle_text="{} {0} %s"))
    assert post.picture().lines == ("{} {0} %s",)


def test_typing_shows_the_signs_and_how_many_are_missing() -> None:
    post = PostUnderTest()
    post.type("K7M2")
    assert post.picture().layout is Layout.CODE
    assert post.picture().text() == ("Your code", "K7M2", "2 more signs")
    post.type("Q")
    assert post.picture().lines == ("1 more sign",)
    post.type("X")
    assert post.picture().lines == ("Confirm with Enter",)


def test_the_missing_signs_have_their_places() -> None:
    post = PostUnderTest()
    post.sync(settings=replace(ENGLISH, code_length=9))
    post.type("K7")
    assert post.picture().slots == 9


def test_only_a_stay_that_simply_runs_is_told_by_its_time_alone() -> None:
    post = PostUnderTest()
    post.run(600)
    assert post.picture().time_only
    post.press(Key.BALANCE)
    assert not post.picture().time_only
    post.wait(6)
    assert post.picture().time_only
    post.hear(Notice(uid(1), "Hello", 60))
    assert (post.picture().layout, post.picture().time_only) == (Layout.NOTICE, False)
    post.wait(600)
    assert post.picture().text()[0] == "Time is up"
    assert not post.picture().time_only


@pytest.mark.parametrize("language", list(Language))
def test_the_self_test_shows_edges_accents_and_signs_that_look_alike(language: Language) -> None:
    shown = self_test(language)
    assert shown.layout is Layout.PATTERN
    assert any("éàçùÉ 0O 1I 8B" in line for line in shown.text())


def test_running_shows_the_time_and_a_bar_in_sixty_fourths() -> None:
    post = PostUnderTest()
    post.run(600)
    assert post.picture().layout is Layout.CLOCK
    assert (post.picture().big, post.picture().bar) == ("10:00", 1.0)
    post.wait(300)
    assert (post.picture().big, post.picture().bar) == ("5:00", 0.5)
    post.wait(299)
    assert (post.picture().big, post.picture().bar) == ("0:01", 1 / 64)


def test_the_time_on_the_screen_changes_with_a_deadline_each_second() -> None:
    post = PostUnderTest()
    post.run(600)
    seen = set()
    for _ in range(20):
        post.wait(1)
        seen.add(post.picture().big)
    assert len(seen) == 20


def test_grace_counts_down_and_blinks() -> None:
    post = PostUnderTest()
    post.run(60)
    post.wait(75)
    assert post.picture().text() == ("Time is up", "0:45", "Save your work now!")
    assert post.picture().blink
    assert post.picture().bar == 0.75
    post.sync(settings=replace(ENGLISH, grace_s=0))
    assert post.picture().bar == 0


def test_waiting_in_the_dark_says_that_time_is_up() -> None:
    post = PostUnderTest()
    post.run(60)
    post.wait(115)
    post.ask()
    post.wait(6)
    assert post.picture().text() == ("Time is up", "Checking…")


def test_a_message_from_the_desk_goes_page_by_page_over_an_idle_post() -> None:
    post = PostUnderTest()
    words = "The library closes in ten minutes today, please save your work and bring back what you have borrowed"
    post.hear(Notice(uid(1), words, 13))
    first = post.picture()
    assert first.title == "From the desk"
    post.wait(PAGE_MS / 1000)
    second = post.picture()
    assert " ".join(first.lines + second.lines) == words
    post.wait(PAGE_MS / 1000)
    assert post.picture() == first
    post.wait(5)
    assert post.text == "Type your code"


def test_a_message_from_the_desk_leaves_the_time_to_be_seen() -> None:
    post = PostUnderTest()
    post.run(600)
    post.hear(Notice(uid(1), "Hello", 60))
    assert post.picture().text() == ("Time left 10:00", "Hello")
    post.hear(Notice(uid(2), "", 60))
    assert post.picture().text() == ("Time left 10:00",)
    post.wait(60)
    assert post.picture().layout is Layout.CLOCK


def test_a_refusal_without_the_other_posts_name_leaves_its_line_out() -> None:
    post = PostUnderTest()
    post.ask()
    post.deny(DenyReason.ALREADY_IN_USE)
    assert post.picture().text() == ("Code is in use",)


def test_the_longest_name_of_another_post_still_fits() -> None:
    post = PostUnderTest()
    post.ask()
    post.deny(DenyReason.ALREADY_IN_USE, detail="P" * 64)
    assert len(post.picture().lines) == ROWS
    assert all(len(row) <= WIDTH for row in post.picture().lines)


STORIES: dict[str, Callable[[PostUnderTest], object]] = {
    "idle": lambda post: post.sync(),
    "typing": lambda post: post.type("K7"),
    "checking": lambda post: post.ask(),
    "running": lambda post: post.run(2**31 - 1),
    "paused": lambda post: (post.run(60), post.press(Key.PAUSE)),
    "grace": lambda post: (post.run(60), post.wait(61)),
    "locked out": lambda post: (post.ask(), post.deny(DenyReason.LOCKED_OUT, 3600)),
    "maintenance": lambda post: post.sync(maintenance=Grant(GRANT, 60)),
    "no hub": lambda post: post.do(BrokerLost()),
    "message": lambda post: (post.run(36_000), post.hear(Notice(uid(1), "x" * 200, 60))),
    "fault": lambda post: post.do(FaultSeen("journal")),
    "identify": lambda post: post.hear(Identify(uid(1), 30)),
    "help": lambda post: post.press(Key.HELP),
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("story", STORIES)
def test_every_screen_fits_the_display(story: str, language: Language) -> None:
    post = PostUnderTest()
    post.sync(settings=replace(ENGLISH, language=language))
    STORIES[story](post)
    shown = post.picture()
    assert shown.text()
    assert len(shown.title) <= WIDTH
    assert len(shown.lines) <= ROWS
    assert all(len(row) <= WIDTH for row in shown.lines)
    assert shown.layout is not Layout.CLOCK or len(shown.big) <= 7


def every_line(texts: Texts) -> list[str]:
    """All that a language says."""
    found: list[str] = []
    for item in fields(texts):
        value = getattr(texts, item.name)
        for part in value.values() if isinstance(value, dict) else [value]:
            found += [part] if isinstance(part, str) else part
    return found


@pytest.mark.parametrize("language", list(Language))
def test_every_text_is_there_and_fits_a_line(language: Language) -> None:
    texts = TEXTS[language]
    assert set(texts.said) == set(Say)
    assert set(texts.denied) == set(DenyReason)
    assert set(texts.over) == set(SettleReason)
    lines = every_line(texts)
    assert len(lines) > 60
    assert [line for line in lines if not 0 < len(line) <= WIDTH] == []


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (9, "0:09"),
        (60, "1:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (35_999, "9:59:59"),
        (36_000, "10h00"),
        (86_400, "24h00"),
        (3_599_999, "999h59"),
        (2**31 - 1, "596523h"),
    ],
)
def test_durations_read_as_people_write_them(seconds: int, shown: str) -> None:
    assert clock_text(seconds) == shown
