"""``poste-node`` and ``python -m node``: hands over to the command line, or names the missing packages."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the node's command line; returns the exit status.

    A missing third-party module is the installer's business: one line on stderr and 1.
    A missing module of our own, or of Python's, is a bug and propagates.
    """
    os.umask(0o077)  # databases, journals and logs hold what is nobody else's business
    try:
        from node.cli import run

        return run()
    except ModuleNotFoundError as missing:
        root = (missing.name or "").partition(".")[0]
        if not root or root in {"hub", "node", "firmware_config"} or root in sys.stdlib_module_names:
            raise
        # A simulated post needs neither evdev nor gpiozero, and so no compiler.
        extra = "sim" if any(word.startswith("--sim") for word in sys.argv[1:]) else "node"
        print(
            f"poste-node: the node's packages are not installed (no module {missing.name!r}): "
            f"pip install 'poste-public[{extra}]'",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
