"""QR codes as drawings within a page: they need neither a style nor a request of their own."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """A QR code that takes the size of what it stands in. ValueError for a text that is too long for one."""
    drawn = segno.make(text, error="q", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2))  # noqa: S704 - our drawing
