"""What every test may rely on; pytest's own settings are in pyproject.toml."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("protocol", "the search for a run that breaks an invariant")
    group.addoption("--protocol-steps", type=int, default=10_000, help="how many steps it takes")
    group.addoption("--protocol-random", action="store_true", help="search elsewhere than the last time")
    group.addoption("--protocol-shrink", action="store_true", help="look for the shortest such run (takes minutes)")
    group = parser.getgroup("api", "the API, asked at random from its own document")
    group.addoption("--fuzz", type=int, default=10, help="how often each route is asked")
