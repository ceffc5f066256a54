"""`poste-hub run`: the hub, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import Any

from hub.cli.common import (
    CommandError,
    add_house_options,
    log_to_stderr,
    parser_for,
    saying_why,
    settings_of,
    until_signal,
)
from hub.settings import LOG_FORMATS, LOG_LEVELS, SettingsError, written

logger = logging.getLogger(__name__)

_EXAMPLES = """  poste-hub run --data /var/lib/poste
  poste-hub run --config /etc/poste/hub.toml
  poste-hub run --broker mqtts://hub@broker.example:8883 --database postgres://poste@db.example/poste
      a broker and a database that run elsewhere; passwords in the file or the environment, never here
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(commands, "run", "run the hub: panel, API, and a broker that it looks after itself", _EXAMPLES)
    add_house_options(parser)
    parser.add_argument("--listen", metavar="HOST:PORT", help="panel and API; default: 127.0.0.1:8400")
    parser.add_argument("--broker", metavar="URL", help="a broker that runs elsewhere; default: managed")
    parser.add_argument(
        "--mqtt-listen", metavar="HOST:PORT", help="the managed broker, for posts; default: 127.0.0.1:8883"
    )
    parser.add_argument("--log-level", choices=LOG_LEVELS, help="default: info")
    parser.add_argument("--log-format", choices=LOG_FORMATS, help="one line each, or an object a line; default: human")
    parser.set_defaults(handle=handle)


_HAND_OVER_S = 0.0005
"""How long Python lets one thread run while another waits; SQLite's has to wait so long after each of its statements,
whenever the hub is busy, and by Python's own measure (5 ms) a code took ten times as long."""


def handle(words: argparse.Namespace) -> int:
    """Serve until a signal."""
    sys.setswitchinterval(_HAND_OVER_S)
    settings = settings_of(words, "listen", "broker", "mqtt_listen", "log_level", "log_format")
    log_to_stderr(settings.log_level, settings.log_format)
    from hub.main import Ready, serve

    def announce(ready: Ready) -> None:
        if ready.standby:
            print(f"poste-hub: standing by, another hub leads; http://{written(ready.panel)}", flush=True)
            return
        line = f"poste-hub: ready, panel http://{written(ready.panel)}"
        if ready.posts_broker is not None:
            line += f", broker for posts {written(ready.posts_broker)}"
        print(line, flush=True)

    async def work() -> None:
        await serve(settings, until_signal(), announce)

    try:
        saying_why(work)
    except (CommandError, SettingsError):
        raise
    except Exception:  # a bug of ours: told as everything else of this hub is, for whoever reads its log by program
        logger.critical("the hub has a fault, and ends", exc_info=True)
        return 1
    return 0
