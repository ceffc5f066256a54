"""`poste-hub session`: the desk's work from a terminal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from hub.cli.common import CommandError, add_house_options, by_terminal, in_house, parser_for, settings_of, table

if TYPE_CHECKING:
    from hub.main import Workshop
    from hub.usecases.issue import Issued

_FEWEST_SIGNS = 4
"""Or a script whose variable is empty would end the only stay that there is."""


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    examples = """  poste-hub session issue --minutes 30
  poste-hub session issue --minutes 60 --count 20 --post p01
  poste-hub session list
  poste-hub session end 3f0c2a8e
"""
    group = parser_for(commands, "session", "codes and stays", examples)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    issuing = parser_for(acts, "issue", "make codes", "  poste-hub session issue --minutes 30\n")
    issuing.add_argument("--minutes", type=int, required=True, metavar="N")
    issuing.add_argument("--post", metavar="ID", help="the only post where the code works")
    issuing.add_argument("--count", type=int, default=1, metavar="N", help="how many; at most 200")
    issuing.set_defaults(handle=handle_issue)

    listing = parser_for(acts, "list", "stays that are not over", "  poste-hub session list\n")
    listing.set_defaults(handle=handle_list)

    ending = parser_for(
        acts, "end", "end a stay; a running hub tells the post within seconds", "  poste-hub session end 3f0c2a8e\n"
    )
    ending.add_argument("id", help=f"the session's id, or its first signs: {_FEWEST_SIGNS} or more")
    ending.set_defaults(handle=handle_end)

    for parser in (issuing, listing, ending):
        add_house_options(parser)


def handle_issue(words: argparse.Namespace) -> int:
    """Make codes and print them, one a line."""
    from hub.domain.house import MAX_DURATION_S
    from hub.main.workshop import FOREIGN_KEYS, keys_fit
    from hub.usecases.issue import IssueOrder, issue

    if not 1 <= words.minutes <= MAX_DURATION_S // 60:
        raise CommandError(f"--minutes must be 1 to {MAX_DURATION_S // 60}")
    order = IssueOrder(words.minutes * 60, post_id=words.post, count=words.count)

    async def act(house: Workshop) -> list[Issued]:
        if not await keys_fit(house.queries, house.room.mint):
            raise CommandError(FOREIGN_KEYS)
        return await issue(house.room, order, by_terminal())

    for one in in_house(settings_of(words), act):
        print(f"{one.code}  {words.minutes} min  session {one.session.id}")
    return 0


def handle_list(words: argparse.Namespace) -> int:
    """Show the stays that are not over."""
    from hub.usecases.views import MAX_PAGE_SIZE, Paging, SessionFilter
    from hub.wire.terms import SessionStatus

    async def act(house: Workshop) -> tuple[list[list[str]], int]:
        rows, total = [], 0
        for status in (SessionStatus.ACTIVE, SessionStatus.SUSPENDED, SessionStatus.PENDING):
            page = await house.queries.sessions(SessionFilter(status=status), Paging(page_size=MAX_PAGE_SIZE))
            total += page.total
            for view in page.items:
                session = view.session
                lease = view.lease if view.lease and view.lease.open else None
                left_s = session.budget_s - session.consumed_s - (lease.debited_s if lease else 0)
                post = lease.post_id if lease else session.bound_post_id
                rows.append([session.id, session.status, post or "", f"{left_s // 60}:{left_s % 60:02}"])
        return rows, total

    rows, total = in_house(settings_of(words), act)
    print(table(["session", "status", "post", "left (min:s)"], rows) if rows else "no stay is open")
    if total > len(rows):
        print(f"and {total - len(rows)} more")
    return 0


def handle_end(words: argparse.Namespace) -> int:
    """End a stay."""
    from hub.usecases.recall import end
    from hub.usecases.views import MAX_PAGE_SIZE, Paging, SessionFilter
    from hub.wire.terms import SessionStatus

    if len(words.id) < _FEWEST_SIGNS:
        raise CommandError(f"give the first {_FEWEST_SIGNS} signs of the session's id at least")

    async def act(house: Workshop) -> str:
        beginning = words.id.lower()
        found = (await house.queries.sessions(SessionFilter(q=beginning), Paging(page_size=MAX_PAGE_SIZE))).items
        matching = [view.session for view in found if view.session.id.startswith(beginning)]
        if len(matching) != 1:
            many = "several sessions begin" if matching else "no session begins"
            raise CommandError(f"{many} with {words.id}: see poste-hub session list")
        session = await end(house.room, matching[0].id, by_terminal())
        return "ended" if session.status is SessionStatus.ENDED else "ending: its post is told to give the lease back"

    print(in_house(settings_of(words), act))
    return 0
