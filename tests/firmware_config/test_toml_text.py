from __future__ import annotations

import pytest

from firmware_config.toml_text import line_of, nearest

TABLES = """\
# a comment
data = "x"
"listen" = "y"

[hub]
port = 1
[[relay]]
pin = 4
[[relay]]
'pin' = 5
"""


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (2, ("data",)),
        (3, ("listen",)),
        (5, ("hub",)),
        (6, ("hub", "port")),
        (5, ("hub", "host")),
        (7, ("relay",)),
        (8, ("relay", "pin")),
        (1, ("screen", "bus")),
    ],
)
def test_a_key_and_a_table_have_their_line(line: int, where: tuple[str, ...]) -> None:
    assert line_of(TABLES, *where) == line


def test_tables_of_one_name_are_told_apart_by_their_place() -> None:
    assert [line_of(TABLES, "relay", "pin", place=place) for place in (0, 1)] == [8, 10]


def test_lines_are_found_in_dotted_and_quoted_keys() -> None:
    text = 'hub.host = "a"\nhub . port = 1\n\n["post"]\n"id" = "p01"\n'
    assert [line_of(text, *where) for where in (("hub", "port"), ("post", "id"), ("post",))] == [2, 5, 4]


def test_a_refusal_ends_with_the_nearest_right_word_or_with_all_of_them() -> None:
    known = ("listen", "data")
    assert nearest("lisen", known) == nearest("LISTEN", known) == ": did you mean 'listen'?"
    assert nearest(17, known) == " (known: listen, data)"
