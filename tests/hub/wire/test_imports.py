"""The contract stands alone: a node that imports it gets nothing of the hub, and needs nothing installed."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import hub.wire

LOADED = """
import sys
before = set(sys.modules)
import {modules}
print(*sorted(set(sys.modules) - before))
"""


def test_importing_the_wire_loads_only_itself_and_the_standard_library() -> None:
    modules = [module.name for module in pkgutil.iter_modules(hub.wire.__path__, "hub.wire.")]
    script = LOADED.format(modules=", ".join(modules))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    loaded = set(done.stdout.split())
    ours = {name for name in loaded if name.split(".")[0] == "hub"}
    foreign = {name for name in loaded - ours if name.split(".")[0] not in sys.stdlib_module_names}
    assert ours == {"hub", "hub.wire", *modules}
    assert foreign == set()
