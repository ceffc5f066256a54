"""Every row, in the order of the table."""

from __future__ import annotations

from functools import partial

from tests.bench import hub_board, hub_desk, hub_posts, hub_redeem, hub_start, node_cut, node_keys, node_process
from tests.bench.databases import POSTGRES, SQLITE
from tests.bench.run import Row

NODE_ROWS = (
    Row("node-keys", "key press to changed frame", node_keys.key_to_frame),
    Row("node-cut", "lateness of the cut", node_cut.lateness),
    Row("node-cost", "memory, processor and card while a stay counts", node_process.cost),
    Row("node-start", "start to ready", node_process.start),
)
_HUB = (
    ("redeem", "redeem to lease, one at a time", hub_redeem.one_at_a_time),
    ("redeem-rate", "redeems a second", hub_redeem.rate),
    ("issue", "REST: issue a code", hub_desk.issue),
    ("list", "REST: list sessions among many", hub_desk.list_sessions),
    ("live", "from a post's status to fifty panels", hub_desk.live),
    ("hub-start", "start to ready with a long past", hub_start.start),
    ("posts", "posts held by one hub", hub_posts.held),
    ("back", "posts back after the broker's death", hub_posts.back),
)


def hub_rows(kind: str) -> tuple[Row, ...]:
    """The hub's rows on one kind of database."""
    return tuple(
        Row(f"{name}-{kind}", f"{about}, {kind}", partial(measure, kind=kind)) for name, about, measure in _HUB
    )


ROWS = (*NODE_ROWS, *hub_rows(SQLITE), Row("board", "the board in Chromium", hub_board.board), *hub_rows(POSTGRES))
