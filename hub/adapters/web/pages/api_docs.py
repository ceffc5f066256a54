"""The REST API on a page, for those who write clients: made from the document, in English as that is."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

from aiohttp import web

from hub.adapters.web.openapi import DOCUMENT
from hub.adapters.web.pages.page import PAGES


async def show(request: web.Request) -> web.StreamResponse:
    """All routes, by what they are about. It says no more than /api/v1/openapi.json does, so anybody may read it."""
    pages, document = request.config_dict[PAGES], await asyncio.to_thread(request.config_dict[DOCUMENT])
    html = pages.templates.get_template("api.html").render(
        asset=pages.assets.url, info=document["info"], groups=_groups(document["paths"])
    )
    return web.Response(text=html, content_type="text/html")


def _groups(paths: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, methods in paths.items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            entry = {
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "role": operation.get("description", "Anybody may ask."),
                "parameters": [_parameter(one) for one in operation["parameters"]],
                "body": _pretty(body.get("example")),
                "answers": [_answer(status, answer) for status, answer in operation["responses"].items()],
            }
            groups[operation["tags"][0]].append(entry)
    return dict(sorted(groups.items()))


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    about = given.get("description") or given["schema"].get("description", "")
    return {"name": given["name"], "place": given["in"], "required": given.get("required", False), "about": about}


def _answer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    example = answer.get("content", {}).get("application/json", {}).get("example")
    return {"status": status, "description": answer["description"], "example": _pretty(example)}


def _pretty(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
