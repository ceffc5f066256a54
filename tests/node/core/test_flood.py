"""Five hundred keys a second, chords, a thousand signs and no Enter: nothing is sent, saved, or grows."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.wire.messages import Incident
from hub.wire.terms import Phase
from node.core.effects import Beep, Save, Send
from node.core.events import Event, Key, KeyPressed, SignTyped
from node.core.uplink import HELLO_REPEAT_MS
from tests.node.core.driver import CODE, PostUnderTest, sent

EVERY_MS = 2
"""Five hundred keys a second."""
SIGNS = st.text(min_size=0, max_size=3).map(SignTyped) | st.sampled_from("KQ70oO1lé \n\0").map(SignTyped)
HARMLESS = [Key.ERASE, Key.BALANCE, Key.LANGUAGE]


def flood(post: PostUnderTest, keys: list[Event], every_ms: int = EVERY_MS) -> None:
    """So many keys, one right after the other; no tick comes between them."""
    for key in keys:
        post.now += every_ms
        post.do(key)


def weight(post: PostUnderTest) -> int:
    """How much a post remembers of what was typed and is to be told."""
    return len(post.post.entry) + sum(
        map(sys.getsizeof, (post.post.incidents, post.post.faults, post.post.record.closed))
    )


@given(st.lists(SIGNS | st.sampled_from(HARMLESS).map(KeyPressed), max_size=60), st.sampled_from([0, EVERY_MS, 700]))
@settings(deadline=None)
def test_keys_without_enter_send_and_save_nothing_whatever_they_are(keys: list[Event], every_ms: int) -> None:
    post = PostUnderTest()
    first, before = len(post.log), post.post.record
    flood(post, keys, every_ms)
    assert not [effect for effect in post.log[first:] if isinstance(effect, Save | Send)]
    assert post.post.record == before
    assert len(post.post.entry) <= post.post.settings.code_length


@pytest.mark.parametrize("sign", ["K", "l", "!", "É"])
def test_a_thousand_signs_without_enter_leave_a_post_as_small_as_one(sign: str) -> None:
    post = PostUnderTest()
    post.type(CODE)
    first, small = len(post.log), weight(post)
    flood(post, [SignTyped(sign)] * 1000)
    assert weight(post) == small
    assert all(isinstance(effect, Beep) for effect in post.log[first:])
    assert post.picture().big == CODE


def test_a_thousand_signs_are_forgotten_as_one_is() -> None:
    post = PostUnderTest()
    flood(post, [SignTyped("K")] * 1000)
    post.wait(20)
    assert post.report().phase is Phase.IDLE


@pytest.mark.parametrize("key", [key for key in Key if key is not Key.HELP])
def test_no_key_held_down_at_an_idle_post_sends_or_saves(key: Key) -> None:
    post = PostUnderTest()
    first = len(post.log)
    flood(post, [KeyPressed(key)] * 1000)
    assert post.log[first:] == []


def test_a_help_key_held_down_calls_once_in_ten_seconds() -> None:
    post = PostUnderTest()
    flood(post, [KeyPressed(Key.HELP)] * 5000)
    assert len(sent(post.log, Incident)) == 1
    flood(post, [KeyPressed(Key.HELP)] * (HELLO_REPEAT_MS // EVERY_MS))
    assert len(sent(post.log, Incident)) == 2


def test_a_confirm_key_held_down_asks_for_a_code_once() -> None:
    post = PostUnderTest()
    post.type(CODE)
    first = len(post.log)
    flood(post, [KeyPressed(Key.CONFIRM)] * 1000)
    assert [type(effect) for effect in post.log[first:]] == [Save, Send]


@given(st.lists(SIGNS | st.sampled_from([*HARMLESS, Key.CONFIRM]).map(KeyPressed), min_size=50, max_size=200))
@settings(deadline=None)
def test_a_flood_during_a_stay_costs_it_nothing(keys: list[Event]) -> None:
    quiet, flooded = PostUnderTest(linked=True), PostUnderTest(linked=True)
    for post in (quiet, flooded):
        post.run(60)
    flood(flooded, keys)
    quiet.wait(len(keys) * EVERY_MS / 1000)
    assert flooded.powered()
    assert flooded.post.record.lease == quiet.post.record.lease
    assert flooded.report().remaining_s == quiet.report().remaining_s
