"""The demo's ports: the panel's as asked, the posts' from the next one on, the broker's 90 above."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from hub.adapters.mqtt.ports import BrokerError, reserve
from hub.settings import SettingsError

_BROKER_ABOVE = 90
_TRIES = 20
_ADVICE = "choose another with --listen (posts take the ports after the panel's, the broker the one 90 above)"


@contextmanager
def chosen_ports(host: str, port: int, post_ids: list[str], before: dict[str, int]) -> Iterator[dict[str, int]]:
    """A free port for each part; with port 0 any free ones, the last start's where they still are.

    They stay reserved within the block: no other program is given one while its part starts (again).
    SettingsError names the first port that is taken, and the option.
    """
    before = {name: before.get(name, 0) for name in ["panel", *post_ids, "broker"]}
    if port:
        before = {"panel": port, "broker": port + _BROKER_ABOVE}
        before |= {post_id: port + 1 + place for place, post_id in enumerate(post_ids)}
        if max(before.values()) >= 65535 or len(post_ids) >= _BROKER_ABOVE:
            raise SettingsError(f"there is no room for {len(post_ids)} posts after port {port}: {_ADVICE}")
    with ExitStack() as reserved:
        chosen: dict[str, int] = {}
        for name in ["panel", *post_ids]:
            taken = set(chosen.values())
            chosen[name] = _reserve(reserved, host, 0 if before[name] in taken else before[name], exactly=port != 0)
        yield chosen | _pair(reserved, host, before["broker"], set(chosen.values()), exactly=port != 0)


def _pair(reserved: ExitStack, host: str, port: int, taken: set[int], *, exactly: bool) -> dict[str, int]:
    """The broker's ports, for posts and the next one for the hub: `poste-hub run` takes them so."""
    for _ in range(_TRIES):
        broker = _reserve(reserved, host, 0 if port in taken else port, exactly=exactly)
        try:
            if broker < 65535 and broker + 1 not in taken:
                return {"broker": broker, "hub_broker": _reserve(reserved, host, broker + 1, exactly=True)}
        except SettingsError:
            if exactly:
                raise
        port = 0
    raise SettingsError(f"no two free ports in a row on {host} for the broker")


def _reserve(reserved: ExitStack, host: str, port: int, *, exactly: bool) -> int:
    try:
        try:
            held = reserve(host, port, advice=_ADVICE)
        except BrokerError:
            if exactly:
                raise
            held = reserve(host, 0, advice=_ADVICE)
    except BrokerError as error:
        raise SettingsError(str(error)) from error
    return int(reserved.enter_context(held).getsockname()[1])
