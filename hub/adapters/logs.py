"""Log lines, for people or for programs: one each, with no secret and no code in it.

Whatever is called a code, a password or a token, as a field of a record or within its text, is taken out by that name.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

REDACTED = "[redacted]"
_SECRET = r"(?:code|code_sealed|password|passwd|secret|token|authorization|cookie|csrf\w*|totp\w*|hashing|sealing|key)"
_FIELD = re.compile(rf"(?:\w+_)?{_SECRET}", re.IGNORECASE | re.ASCII)
_IN_TEXT = re.compile(
    rf"""(?P<name>\b(?:\w+_)?{_SECRET}\b\\?["']?\s*[=:]\s*)  # code=, "code": , password_hash is another word
        (?:b?\\?"(?:[^"\\]|\\.)*" | b?\\?'(?:[^'\\]|\\.)*' | [^\s,;&)}}\]]+)""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+\S+", re.IGNORECASE)
_USER_INFO = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redacted(value: Any) -> Any:
    """A value without what its field names say is secret: mappings and lists go through whole, texts as text."""
    if isinstance(value, Mapping):
        return {
            str(name): REDACTED if _FIELD.fullmatch(str(name)) and one is not None else redacted(one)
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [redacted(one) for one in value]
    return value if isinstance(value, int | float | bool | None) else redacted_text(str(value))


def redacted_text(text: str) -> str:
    """A text without the values that follow the name of a secret, and without the passwords of addresses."""
    text = _BEARER.sub(rf"\1 {REDACTED}", text)
    text = _IN_TEXT.sub(lambda found: found["name"] + REDACTED, text)
    return _USER_INFO.sub(rf"\1{REDACTED}@", text)


class HumanLines(logging.Formatter):
    """A line for people; a traceback comes indented below it. No message can look like a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        text = redacted_text(record.getMessage()).replace("\r", "\\r").replace("\n", "\\n")
        more = "".join(f" {name}={value}" for name, value in _fields(record).items())
        line = f"{at:%Y-%m-%d %H:%M:%S},{record.msecs:03.0f} {record.levelname} {record.name}: {text}{more}"
        return line + "".join(f"\n    {one}" for one in _trace(self, record).splitlines())


class JsonLines(logging.Formatter):
    """An object a line: at (RFC 3339, UTC), level, logger, message, fields by their names, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted_text(record.getMessage()),
            **_fields(record),
        }
        trace = _trace(self, record)
        if trace:
            told["traceback"] = trace
        return json.dumps(told, ensure_ascii=False)


FORMATTERS: Mapping[str, type[logging.Formatter]] = {"human": HumanLines, "json": JsonLines}


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was given as `extra`."""
    extra = {name: value for name, value in vars(record).items() if name not in _OWN}
    given: dict[str, Any] = redacted(extra)
    return given


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = formatter.formatException(record.exc_info) if record.exc_info else ""
    if record.stack_info:
        text += record.stack_info
    return redacted_text(text)
