"""`poste-hub broker-config`: the files for a Mosquitto that runs elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.cli.common import CommandError, add_house_options, in_house, parser_for, settings_of

if TYPE_CHECKING:
    from hub.main import Workshop

_EXAMPLES = """  poste-hub broker-config ./broker
      password, ACL and listener files (mode 0600), to be put in /etc/mosquitto/poste on the broker's machine
  poste-hub broker-config ./broker --replace
      again, when posts were added or got a new password; then: systemctl reload mosquitto
"""
_NEXT = """\
wrote {names} in {folder} (mode 0600)
1. On the broker's machine put *.passwords and *.acl in {there}, readable by mosquitto only (chown, chmod 600),
   and beside them a certificate for the name by which posts call that machine: server.pem and server.key.
2. Put poste.conf in /etc/mosquitto/conf.d/, and remove other listeners.
3. systemctl restart mosquitto
4. Give the hub: broker = "mqtts://hub@NAME:{hub_port}", broker_for_posts = "NAME:{port}", broker_ca,
   and the word in hub.password as broker_password.
   Monitors find their account in monitor.json.
Posts that are added, rotated or retired later: this command with --replace, copy, then: systemctl reload mosquitto"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(commands, "broker-config", "write the files for a Mosquitto that runs elsewhere", _EXAMPLES)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write them")
    parser.add_argument("--replace", action="store_true", help="write over the files that are there")
    parser.add_argument("--port", type=int, default=8883, metavar="N", help="for posts; default: 8883")
    parser.add_argument("--hub-port", type=int, default=8884, metavar="N", help="for hub and monitors; default: 8884")
    parser.add_argument(
        "--there",
        type=Path,
        default=Path("/etc/mosquitto/poste"),
        metavar="DIR",
        help="the files' folder on that machine; default: /etc/mosquitto/poste",
    )
    add_house_options(parser)
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Write the files and say what to do with them."""
    from hub.main.broker_config import BrokerElsewhere, broker_files, write_files

    settings, ports = settings_of(words), {words.port, words.hub_port}
    if len(ports) < 2 or not all(1 <= port <= 65535 for port in ports):
        raise CommandError("--port and --hub-port must be two ports, each 1 to 65535")
    there = BrokerElsewhere(posts_port=words.port, hub_port=words.hub_port, folder=words.there)

    async def act(house: Workshop) -> dict[str, str]:
        files = await broker_files(settings, house, there, words.folder)
        write_files(words.folder, files, replace=words.replace)
        return files

    names = ", ".join(sorted(in_house(settings, act)))
    print(_NEXT.format(names=names, folder=words.folder, there=words.there, hub_port=words.hub_port, port=words.port))
    return 0
