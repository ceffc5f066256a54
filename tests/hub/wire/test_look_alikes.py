"""A sign that is taken for another is read as the one that the house's codes have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.wire.look_alikes import LOOK_ALIKES, read_code, read_sign
from hub.wire.terms import LETTERS_AND_DIGITS

DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABETS = st.text(DIGITS + LETTERS, min_size=2, max_size=36)


@pytest.mark.parametrize(
    ("typed", "signs", "meant"),
    [
        ("O", DIGITS, "0"),
        ("o", DIGITS, "0"),
        ("I", DIGITS, "1"),
        ("l", DIGITS, "1"),
        ("0", LETTERS, "O"),
        ("1", LETTERS, "I"),
        ("l", LETTERS, "L"),
        ("0", LETTERS_AND_DIGITS, None),
        ("O", LETTERS_AND_DIGITS, None),
        ("1", LETTERS_AND_DIGITS, None),
        ("I", LETTERS_AND_DIGITS, None),
        ("L", LETTERS_AND_DIGITS, "L"),
        ("B", DIGITS, None),
        ("S", DIGITS, None),
        ("-", DIGITS, None),
        ("", DIGITS, None),
        ("01", DIGITS, None),
        ("ß", LETTERS, None),
    ],
)
def test_a_sign_is_read_as_one_of_the_alphabet_or_not_at_all(typed: str, signs: str, meant: str | None) -> None:
    assert read_sign(typed, signs) == meant


@pytest.mark.parametrize(
    ("typed", "read"), [("4O7l2I", "407121"), ("407121", "407121"), ("4Ö7-12", "4Ö7-12"), ("", "")]
)
def test_a_code_is_read_sign_by_sign_and_what_is_no_sign_stays(typed: str, read: str) -> None:
    assert read_code(typed, DIGITS) == read


@given(st.text(max_size=3), ALPHABETS)
@settings(deadline=None)
def test_only_signs_of_the_alphabet_come_out(typed: str, signs: str) -> None:
    assert read_sign(typed, signs) in {None, *signs}


@given(ALPHABETS, st.data())
@settings(deadline=None)
def test_a_code_of_the_alphabet_is_itself(signs: str, data: st.DataObject) -> None:
    code = data.draw(st.text(signs, max_size=16))
    assert read_code(code, signs) == code


def test_with_both_signs_in_the_alphabet_neither_is_taken_for_the_other() -> None:
    assert all(read_sign(sign, DIGITS + LETTERS) == sign for sign in LOOK_ALIKES)
