"""Log lines: one each, and no secret in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hub.adapters.logs import FORMATTERS, redacted, redacted_text

SECRET = "K7M2QX"


@contextmanager
def logger(form: str) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(FORMATTERS[form]())
    made = logging.getLogger("hub.test")
    made.setLevel(logging.INFO)
    made.addHandler(handler)
    yield made, out
    made.removeHandler(handler)


@pytest.mark.parametrize(
    "text",
    [
        f"code={SECRET}",
        f'"code": "{SECRET}"',
        f'b\'{{"v": 1, "code":"{SECRET}", "req_id": null}}\'',
        f'{{\\"code\\": \\"{SECRET}\\"}}',
        f"password: {SECRET}",
        f"broker_password={SECRET}, host=x",
        f"Authorization: Bearer {SECRET}",
        f"sent Bearer {SECRET}",
        f"postgres://poste:{SECRET}@db.example/poste",
        f"Cookie: {SECRET}",
        f"X-Token={SECRET}&a=1",
        f"?code={SECRET}&post=p01",
        str({"req_id": "r", "code": SECRET}),
    ],
)
def test_what_is_named_as_a_secret_is_taken_out_of_a_text(text: str) -> None:
    assert SECRET not in redacted_text(text)
    assert "[redacted]" in redacted_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "p01 is here",
        "no broker at broker.example:8883: refused",
        "mqtts://hub@broker.example:8883",
        "the code is refused",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted_text(text) == text


def test_fields_go_by_their_names_at_every_depth() -> None:
    fields = {"post": "p01", "code": SECRET, "more": [{"token": SECRET, "n": 1}], "hub_password": SECRET, "key": None}
    assert redacted(fields) == {
        "post": "p01",
        "code": "[redacted]",
        "more": [{"token": "[redacted]", "n": 1}],
        "hub_password": "[redacted]",
        "key": None,
    }


def test_json_is_an_object_a_line() -> None:
    with logger("json") as (log, out):
        log.warning("post %s\nsays hello", "p01", extra={"post": "p01", "code": SECRET})
        try:
            raise ValueError(f"code={SECRET}")
        except ValueError:
            log.exception("failed")
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(one["level"], one["logger"], one["message"]) for one in lines] == [
        ("warning", "hub.test", "post p01\nsays hello"),
        ("error", "hub.test", "failed"),
    ]
    assert (lines[0]["post"], lines[0]["code"]) == ("p01", "[redacted]")
    assert "ValueError" in lines[1]["traceback"]
    assert SECRET not in out.getvalue()


def test_a_message_cannot_look_like_another_line() -> None:
    with logger("human") as (log, out):
        log.info("bad\n2026-01-01 ERROR hub: forged %s", "x")
        try:
            raise ValueError(f"password={SECRET}")
        except ValueError:
            log.exception("failed")
    first, *rest = out.getvalue().splitlines()
    assert first.endswith(r"INFO hub.test: bad\n2026-01-01 ERROR hub: forged x")
    assert rest[0].endswith("ERROR hub.test: failed")
    assert all(line.startswith("    ") for line in rest[1:])
    assert SECRET not in out.getvalue()
