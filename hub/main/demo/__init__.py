"""The demo: a whole room on one machine, hub and posts as processes that are started again when they die."""

from hub.main.demo.process import DemoError
from hub.main.demo.room import DemoOptions, demo

__all__ = ["DemoError", "DemoOptions", "demo"]
