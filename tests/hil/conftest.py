"""The tests of tests/hil/inside run in the virtual machine only: elsewhere they are not collected."""

from __future__ import annotations

from pathlib import Path

import pytest

INSIDE = Path(__file__).parent / "inside"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kernel-drivers", action="store_true", help="there are simulated devices (make hil sees to it)")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if collection_path == INSIDE and not config.getoption("--kernel-drivers", default=False):
        return True
    return None
