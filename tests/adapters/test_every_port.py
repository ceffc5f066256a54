"""No port is without its suite."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

import tests.adapters
from node import ports

PORTS = {
    name
    for name, found in vars(ports).items()
    if inspect.isclass(found) and Protocol in found.__bases__ and found.__module__ == ports.__name__
}


def test_every_port_of_the_node_has_a_suite_and_every_suite_a_test() -> None:
    suites: dict[str, type] = {}
    for module in iter_modules(tests.adapters.__path__):
        if not module.name.startswith("test_"):
            suites |= {
                name.removesuffix("Suite"): found
                for name, found in vars(import_module(f"tests.adapters.{module.name}")).items()
                if name.endswith("Suite")
            }
    assert suites.keys() - {"FailingScreen"} == PORTS
    assert all(any(name.startswith("test_") for name in dir(suite)) for suite in suites.values())
