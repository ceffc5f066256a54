"""Codes: drawn from signs that nobody confuses, read as people type them."""

from __future__ import annotations

import pytest

from hub.domain.access_code import Alphabet, CodeFormat, draw, normalise
from hub.domain.errors import Conflict, HubError, Invalid, NotFound
from hub.domain.house import House
from hub.wire.messages import PostSettings
from hub.wire.terms import LETTERS_AND_DIGITS, Language, PowerReturn


def test_a_code_has_the_length_and_the_signs_of_its_format() -> None:
    choices = iter(range(6))
    assert draw(CodeFormat(), lambda below: next(choices) % below) == "ABCDEF"
    assert draw(CodeFormat(9, Alphabet.DIGITS), lambda below: below - 1) == "999999999"


def test_no_sign_looks_like_another() -> None:
    assert len(set(LETTERS_AND_DIGITS)) == len(LETTERS_AND_DIGITS) == 32
    assert not set("O0I1") & set(LETTERS_AND_DIGITS)


@pytest.mark.parametrize("typed", ["K7M2QX", "k7m2qx", " K7M 2QX ", "k7m\t2qx\n"])
def test_case_and_spaces_do_not_matter(typed: str) -> None:
    assert normalise(typed) == "K7M2QX"


def test_posts_are_told_the_part_of_the_settings_that_they_obey() -> None:
    house = House(
        Language.EN,
        code=CodeFormat(9, Alphabet.DIGITS),
        warn_at_s=(600,),
        grace_s=0,
        idle_text="Hello",
        confirm_keys=True,
        on_power_return=PowerReturn.PAUSE,
    )
    told = PostSettings(Language.EN, (600,), 0, 9, "0123456789", "Hello", True, PowerReturn.PAUSE)
    assert house.for_posts() == told
    assert House().for_posts() == PostSettings()


def test_errors_carry_a_word_for_programs_and_a_text_for_people() -> None:
    missing, conflict, invalid = (
        NotFound("post", "p09"),
        Conflict("post_busy", "Post 1 is in use"),
        Invalid("name", "empty"),
    )
    assert (missing.reason, str(missing), missing.what, missing.name) == ("not_found", "no post 'p09'", "post", "p09")
    assert (conflict.reason, str(conflict)) == ("post_busy", "Post 1 is in use")
    assert (invalid.reason, str(invalid), invalid.field) == ("invalid", "empty", "name")
    assert all(isinstance(error, HubError) for error in (missing, conflict, invalid))
