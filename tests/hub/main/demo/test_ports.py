from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hub.main.demo.ports import chosen_ports
from hub.settings import SettingsError

HOST = "127.0.0.1"
POSTS = ["p01", "p02"]


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    with socket.create_server((HOST, port)) as server:
        yield server.getsockname()[1]


def free_base() -> int:
    """A port that is free with those after it that a demo of two posts takes, when nobody is quicker."""
    for base in range(20_000, 32_000, 200):
        try:
            for port in (base, base + 1, base + 2, base + 90, base + 91):
                with taken(port):
                    pass
        except OSError:
            continue
        return base
    raise AssertionError("no free ports on this machine")


def choose(port: int, posts: list[str], before: dict[str, int]) -> dict[str, int]:
    with chosen_ports(HOST, port, posts, before) as chosen:
        return chosen


def test_they_follow_the_panels() -> None:
    base = free_base()
    chosen = choose(base, POSTS, {"panel": 1, "p01": 2})
    assert chosen == {"panel": base, "p01": base + 1, "p02": base + 2, "broker": base + 90, "hub_broker": base + 91}


@pytest.mark.parametrize("above", [0, 2, 90, 91])
def test_the_first_one_that_is_taken_is_named_with_the_option(above: int) -> None:
    base = free_base()
    with taken(base + above), pytest.raises(SettingsError, match=f"port {base + above} on .* --listen"):
        choose(base, POSTS, {})


@pytest.mark.parametrize("port", [65_535, 65_500])
def test_there_must_be_room_above(port: int) -> None:
    with pytest.raises(SettingsError, match=f"no room for 2 posts after port {port}"):
        choose(port, POSTS, {})


def test_posts_do_not_reach_the_brokers_port() -> None:
    with pytest.raises(SettingsError, match="no room for 95 posts"):
        choose(20_000, [f"p{number:02}" for number in range(1, 96)], {})


def test_any_free_ones_are_all_different_and_the_brokers_follow_each_other() -> None:
    chosen = choose(0, POSTS, {})
    assert set(chosen) == {"panel", *POSTS, "broker", "hub_broker"}
    assert len(set(chosen.values())) == len(chosen)
    assert chosen["hub_broker"] == chosen["broker"] + 1


def test_the_last_starts_ports_are_taken_again_where_they_are_free() -> None:
    before = choose(0, POSTS, {})
    assert choose(0, POSTS, before) == before
    with taken(before["p01"]):
        again = choose(0, POSTS, before)
    assert again["p01"] != before["p01"]
    assert {**again, "p01": 0} == {**before, "p01": 0}


def test_nobody_else_is_given_one_by_asking_for_any_and_its_part_can_listen() -> None:
    with chosen_ports(HOST, 0, [f"p{number:02}" for number in range(1, 61)], {}) as chosen:
        for _ in range(5_000):
            with taken() as given:
                assert given not in chosen.values()
        for port in chosen.values():
            for _ in range(2):  # when it is started again, too
                with taken(port):
                    pass


def test_two_rooms_that_choose_at_once_share_none() -> None:
    with chosen_ports(HOST, 0, POSTS, {}) as here, chosen_ports(HOST, 0, POSTS, {}) as there:
        assert not set(here.values()) & set(there.values())
