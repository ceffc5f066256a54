"""`poste-hub operator`: desk accounts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from hub.cli.common import add_house_options, by_terminal, in_house, parser_for, password_from_stdin, settings_of, table

if TYPE_CHECKING:
    from hub.main import Workshop

_ROLES = ("admin", "operator", "viewer", "display")


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    examples = """  poste-hub operator add marie --role admin --password-stdin < password.txt
  poste-hub operator list
  poste-hub operator passwd marie --password-stdin
  poste-hub operator disable marie
  poste-hub operator reset-totp marie
"""
    group = parser_for(commands, "operator", "desk accounts; there is none until one is made here", examples)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    adding = parser_for(
        acts, "add", "make an account", "  poste-hub operator add marie --role admin --password-stdin\n"
    )
    adding.add_argument("name")
    adding.add_argument(
        "--role",
        choices=_ROLES,
        required=True,
        help="displays show the room without names, viewers look, operators work, admins do all",
    )
    _password_option(adding)
    adding.set_defaults(handle=handle_add)

    listing = parser_for(acts, "list", "all accounts", "  poste-hub operator list\n")
    listing.set_defaults(handle=handle_list)

    passwd = parser_for(
        acts,
        "passwd",
        "give a new password; signs the account out",
        "  poste-hub operator passwd marie --password-stdin\n",
    )
    passwd.add_argument("name")
    _password_option(passwd)
    passwd.set_defaults(handle=handle_passwd)

    disabling = parser_for(acts, "disable", "shut an account, and sign it out", "  poste-hub operator disable marie\n")
    disabling.add_argument("name")
    disabling.set_defaults(handle=handle_disable)

    enabling = parser_for(acts, "enable", "open a shut account again", "  poste-hub operator enable marie\n")
    enabling.add_argument("name")
    enabling.set_defaults(handle=handle_enable)

    resetting = parser_for(
        acts,
        "reset-totp",
        "take the second factor away from somebody who has lost theirs",
        "  poste-hub operator reset-totp marie\n",
    )
    resetting.add_argument("name")
    resetting.set_defaults(handle=handle_reset_totp)

    for parser in (adding, listing, passwd, disabling, enabling, resetting):
        add_house_options(parser)


def _password_option(parser: argparse.ArgumentParser) -> None:
    about = "read the password from standard input: others could see it among the arguments"
    parser.add_argument("--password-stdin", action="store_true", required=True, help=about)


def handle_add(words: argparse.Namespace) -> int:
    """Make an account."""
    from hub.domain.accounts import Role
    from hub.usecases.accounts.operators import add_operator

    password = password_from_stdin()

    async def act(house: Workshop) -> None:
        await add_operator(house.desk, words.name, Role(words.role), password, by_terminal())

    in_house(settings_of(words), act)
    print(f"{words.name} can sign in (role: {words.role})")
    return 0


def handle_list(words: argparse.Namespace) -> int:
    """Show all accounts."""

    async def act(house: Workshop) -> list[list[str]]:
        return [
            [
                one.name,
                one.role,
                "disabled" if one.disabled else "second factor" if one.has_totp else "",
                f"{one.last_login_at:%Y-%m-%d %H:%M}" if one.last_login_at else "never",
            ]
            for one in await house.accounts.operators()
        ]

    rows = in_house(settings_of(words), act)
    if rows:
        print(table(["name", "role", "", "last sign-in (UTC)"], rows))
    else:
        print("no account yet: poste-hub operator add NAME --role admin --password-stdin")
    return 0


def handle_passwd(words: argparse.Namespace) -> int:
    """Give an account a new password."""
    from hub.usecases.accounts.operators import check_password, operator_named, set_password

    password = password_from_stdin()

    async def act(house: Workshop) -> None:
        check_password(house.desk, password)
        operator = await operator_named(house.desk, words.name)
        await set_password(house.desk, operator, password, by_terminal())

    in_house(settings_of(words), act)
    print(f"{words.name} has a new password")
    return 0


def handle_disable(words: argparse.Namespace) -> int:
    """Shut an account."""
    _set_disabled(words, disabled=True)
    print(f"{words.name} can no longer sign in")
    return 0


def handle_enable(words: argparse.Namespace) -> int:
    """Open an account again."""
    _set_disabled(words, disabled=False)
    print(f"{words.name} can sign in again")
    return 0


def handle_reset_totp(words: argparse.Namespace) -> int:
    """Take a second factor away."""
    from hub.usecases.accounts.operators import operator_named
    from hub.usecases.accounts.second_factor import reset_totp

    async def act(house: Workshop) -> None:
        await reset_totp(house.desk, await operator_named(house.desk, words.name), by_terminal())

    in_house(settings_of(words), act)
    print(f"{words.name} signs in with the password alone")
    return 0


def _set_disabled(words: argparse.Namespace, *, disabled: bool) -> None:
    from hub.usecases.accounts.operators import OperatorChange, change_operator, operator_named

    async def act(house: Workshop) -> None:
        operator = await operator_named(house.desk, words.name)
        await change_operator(house.desk, operator.id, OperatorChange(disabled=disabled), by_terminal())

    in_house(settings_of(words), act)
