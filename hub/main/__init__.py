"""Composition root: the only place that joins adapters to use cases."""

from hub.main.serve import Ready, serve
from hub.main.workshop import VERSION, Workshop, workshop

__all__ = ["VERSION", "Ready", "Workshop", "serve", "workshop"]
