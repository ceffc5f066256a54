"""Lists as CSV, for people with a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import hdrs, web
from pydantic import BaseModel

_FORMULA = re.compile(r"^(?= *[\t\r\n])|(^|[;\t\r\n])(?= *[=+\-@＝＋－＠])")
"""Where a spreadsheet may see a formula begin: with the text, and after what it may part cells by (in French: ;)."""


def wants_csv(request: web.Request) -> bool:
    """Whether the client asks for CSV and not, as well, for JSON."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")]
    return "text/csv" in accepted and "application/json" not in accepted


async def send_csv(request: web.Request, name: str, shape: type[BaseModel], rows: AsyncIterator[BaseModel]) -> Any:
    """Stream the rows, one column a field, with a line of headings; who clicks for it gets Excel's mark of UTF-8."""
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})
    response.content_type, response.charset = "text/csv", "utf-8"
    await response.prepare(request)
    if request.method == hdrs.METH_HEAD:
        return response
    try:
        if not wants_csv(request):
            await response.write(codecs.BOM_UTF8)
        await response.write(_line(list(shape.model_fields)))
        async for row in rows:
            await response.write(_line(list(row.model_dump(mode="json").values())))
        await response.write_eof()
    except BaseException:
        if request.transport is not None:
            request.transport.abort()  # half a table must not look like a whole one
        raise
    return response


def _line(values: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(value) for value in values])
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it, which it shows as text."""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
