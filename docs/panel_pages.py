"""Every page of the panel, found in the application itself: a page that is added is in the gallery the same day."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from hub.adapters.web.declare import ROOT

_NO_PAGES = ("/healthz", "/readyz", "/metrics", "/static/{name}", "/new-post/wiring/{id}")
BY_NOBODY = {"sign-in": "/sign-in", "not-there": "/nowhere"}
"""What is shown to somebody who has not signed in."""


def pages_of(app: web.Application, ids: Mapping[str, str], queries: Mapping[str, str]) -> dict[str, str]:
    """The address of each page behind the sign-in, by a name that can be a file's.

    `ids`: by the first part of an address, what its `{id}` is to be; `queries`: by a whole address, what stands behind
    it. KeyError for a page whose `{id}` nobody has said.
    """
    found = {}
    for route in app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if route.method != "GET" or path.startswith(ROOT) or path.endswith(".csv"):
            continue
        if path in _NO_PAGES or path in BY_NOBODY.values():
            continue
        name = path.replace("{id}", "one").strip("/").replace("/", "-") or "board"
        address = path.replace("{id}", ids[path.split("/")[1]]) if "{id}" in path else path
        found[name] = address + (f"?{queries[path]}" if path in queries else "")
    return found
