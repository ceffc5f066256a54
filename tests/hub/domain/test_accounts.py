"""Who may do what, and how long a token is good."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.accounts import (
    PANEL_IDLE_S,
    PANEL_LIFE_S,
    WALL_LIFE_S,
    Operator,
    Role,
    Token,
    TokenKind,
    allows,
    leaves_an_admin,
    panel_expiry,
    role_of,
    usable,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
API = Token(1, 1, "hash", TokenKind.API, NOW)
PANEL = replace(API, kind=TokenKind.PANEL)


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_its_own_and_what_lower_ones_may(role: Role) -> None:
    order = [Role.DISPLAY, Role.VIEWER, Role.OPERATOR, Role.ADMIN]
    assert [needed for needed in order if allows(role, needed)] == order[: order.index(role) + 1]


@pytest.mark.parametrize("role", Role)
def test_a_token_may_do_the_least_of_its_own_and_its_operators(role: Role) -> None:
    operator = Operator(1, "marie", Role.OPERATOR, "hash", NOW, NOW)
    assert role_of(operator, API) is Role.OPERATOR
    assert role_of(operator, replace(API, role=role)) is (Role.OPERATOR if role is Role.ADMIN else role)


def test_a_house_needs_an_admin_who_is_not_shut() -> None:
    admin = Operator(1, "ada", Role.ADMIN, "hash", NOW, NOW)
    others = [replace(admin, disabled=True), replace(admin, role=Role.OPERATOR)]
    assert leaves_an_admin([*others, admin])
    assert not leaves_an_admin(others)


def test_an_api_token_lasts_until_it_is_revoked_or_expires() -> None:
    assert usable(API, after(10**8))
    assert not usable(replace(API, revoked_at=NOW), NOW)
    expiring = replace(API, expires_at=after(10))
    assert usable(expiring, after(9))
    assert not usable(expiring, after(10))


def test_a_panel_is_signed_out_when_idle() -> None:
    assert usable(PANEL, after(PANEL_IDLE_S - 1))
    assert not usable(PANEL, after(PANEL_IDLE_S))
    used = replace(PANEL, last_used_at=after(100))
    assert usable(used, after(PANEL_IDLE_S + 99))
    assert not usable(used, after(PANEL_IDLE_S + 100))


def test_a_panel_is_signed_out_at_the_end_of_its_life_however_busy() -> None:
    assert panel_expiry(NOW) == after(PANEL_LIFE_S)
    busy = replace(PANEL, expires_at=panel_expiry(NOW), last_used_at=after(PANEL_LIFE_S - 1))
    assert usable(busy, after(PANEL_LIFE_S - 1))
    assert not usable(busy, after(PANEL_LIFE_S))


def test_a_screen_on_the_wall_may_be_left_alone_for_a_year() -> None:
    wall = replace(PANEL, role=Role.DISPLAY, expires_at=panel_expiry(NOW, Role.DISPLAY))
    assert usable(wall, after(WALL_LIFE_S - 1))
    assert not usable(wall, after(WALL_LIFE_S))
