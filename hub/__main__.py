"""``poste-hub`` and ``python -m hub``: hands over to the command line, or names the missing packages."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the hub's command line; returns the exit status.

    A missing third-party module is the installer's business: one line on stderr and 1.
    A missing module of our own, or of Python's, is a bug and propagates.
    """
    _open_streams()
    os.umask(0o077)  # databases, journals and logs hold what is nobody else's business
    try:
        from hub.cli import run

        return run()
    except ModuleNotFoundError as missing:
        root = (missing.name or "").partition(".")[0]
        if not root or root in {"hub", "node", "firmware_config"} or root in sys.stdlib_module_names:
            raise
        print(
            f"poste-hub: the hub's packages are not installed (no module {missing.name!r}): "
            "pip install 'poste-public[hub]'",
            file=sys.stderr,
        )
        return 1


def _open_streams() -> None:
    """Where somebody has closed a standard stream, open it on nothing: the next file would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for as long as we live


if __name__ == "__main__":
    sys.exit(main())
