"""The few files that the pages ask for."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.pages.page import PAGES


async def serve(request: web.Request) -> web.StreamResponse:
    """A file, gzipped for who can unpack it; kept for ever under the address that carries its version."""
    assets = request.config_dict[PAGES].assets
    asset = assets.files.get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    current = request.query.get("v") == assets.version
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
        "Vary": "Accept-Encoding",
    }
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return web.Response(
        body=asset.packed if packed else asset.plain, content_type=asset.content_type, charset="utf-8", headers=headers
    )
