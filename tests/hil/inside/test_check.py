"""`poste-node check` on real drivers, before the node runs: it needs the pins and the keypad for itself."""

from __future__ import annotations

from tests.hil.inside.conftest import Post


def test_a_welded_contact_is_found_and_all_the_rest_is_well(assembled: Post) -> None:
    assembled.contact.stuck = True
    try:
        status, wrong = assembled.node.check("--relays")
    finally:
        assembled.contact.stuck = None
    # Besides, nothing has set this machine's clock by the network.
    assert (status, wrong) == (1, {"relay display": "does not go off", "clock": "not set by the network"})
    assert assembled.power == (False, False)
