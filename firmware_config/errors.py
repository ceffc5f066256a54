"""Errors of this package: each says in one line which file or value is wrong, and what would be right."""

from __future__ import annotations


class FirmwareConfigError(ValueError):
    """Root of what this package raises about its data or a file that it was given."""
