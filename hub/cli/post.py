"""`poste-hub post`: posts and their credentials."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.cli.common import CommandError, add_house_options, by_terminal, in_house, parser_for, settings_of, table

if TYPE_CHECKING:
    from hub.domain.post import Access
    from hub.main import Workshop
    from hub.settings import Settings


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    examples = """  poste-hub post add p01 --name "Post 1" --zone Hall --host 10.0.0.2 --out node.toml
      writes the node's file (mode 0600): copy it to the Pi, as /etc/poste/node.toml
  poste-hub post list
  poste-hub post rotate p01 --out node.toml
"""
    group = parser_for(commands, "post", "posts and their credentials", examples)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    adding = parser_for(acts, "add", "add a post", '  poste-hub post add p01 --name "Post 1" --out node.toml\n')
    adding.add_argument("id", help="a short slug, such as p01")
    adding.add_argument("--name", required=True, help="as people read it")
    adding.add_argument("--zone", default="", help="the part of the house it stands in")
    _file_options(adding)
    adding.set_defaults(handle=handle_add)

    listing = parser_for(acts, "list", "all posts", "  poste-hub post list\n")
    listing.set_defaults(handle=handle_list)

    rotating = parser_for(
        acts,
        "rotate",
        "a new password for a post; the old one works no more",
        "  poste-hub post rotate p01 --out node.toml\n",
    )
    rotating.add_argument("id")
    _file_options(rotating)
    rotating.set_defaults(handle=handle_rotate)

    for parser in (adding, listing, rotating):
        add_house_options(parser)


def _file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the node's settings here, not to the screen")
    parser.add_argument("--host", help="where the node finds the broker; default: where the broker listens")


def handle_add(words: argparse.Namespace) -> int:
    """Add a post and write its node's file."""
    from hub.main.access import give_access
    from hub.usecases.posts import add_post

    settings = settings_of(words)
    access = give_access(settings, words.id, host=words.host)

    async def act(house: Workshop) -> None:
        await add_post(house.room, words.id, words.name, words.zone, access.secret, by_terminal())

    with _handing_out(words, settings, access):
        in_house(settings, act)
    return 0


def handle_rotate(words: argparse.Namespace) -> int:
    """Give a post a new password and write its node's file."""
    from hub.main.access import give_access
    from hub.usecases.posts import rotate_secret

    settings = settings_of(words)
    access = give_access(settings, words.id, host=words.host)

    async def act(house: Workshop) -> None:
        await rotate_secret(house.room, words.id, access.secret, by_terminal())

    with _handing_out(words, settings, access):
        in_house(settings, act)
    return 0


def handle_list(words: argparse.Namespace) -> int:
    """Show all posts."""

    async def act(house: Workshop) -> list[list[str]]:
        now = house.room.clock.now()
        return [
            [
                view.post.id,
                view.post.name,
                view.post.zone,
                "in use" if view.lease else "maintenance" if view.post.maintenance else "",
                f"{view.post.last_seen_at:%Y-%m-%d %H:%M}" if view.post.last_seen_at else "never",
            ]
            for view in await house.queries.posts(now)
        ]

    rows = in_house(settings_of(words), act)
    if rows:
        print(table(["id", "name", "zone", "", "last seen (UTC)"], rows))
    else:
        print('no post yet: poste-hub post add p01 --name "Post 1" --out node.toml')
    return 0


@contextmanager
def _handing_out(words: argparse.Namespace, settings: Settings, access: Access) -> Iterator[None]:
    """Write the node's file first, and take it away again when the block fails: no password is made that nobody has."""
    from hub.main.access import authority
    from hub.main.node_file import node_file

    ca = authority(settings)
    text = node_file(access, ca)
    if words.out is None:
        yield
        print(text, end="")
        print("poste-hub: this password is shown once: keep it in the node's file, mode 0600", file=sys.stderr)
    else:
        _write_new(words.out, text)
        try:
            yield
        except BaseException:
            words.out.unlink()
            raise
        print(f"wrote {words.out}: copy it to the node, and start it with poste-node run --config {words.out}")
    if not settings.managed:
        renew = "poste-hub broker-config DIR --replace, copy its files there, systemctl reload mosquitto"
        print(f"poste-hub: the broker elsewhere does not know this password yet: {renew}", file=sys.stderr)
    if ca is not None:
        print(f"poste-hub: the node needs {ca}, too, in the same folder", file=sys.stderr)


def _write_new(out: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(f"{out} exists: choose another --out, or remove it first") from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
