"""The demo's ports: the panel's as asked, the posts' from the next one on, the broker's 90 above."""

from __future__ import annotations

from hub.adapters.mqtt.ports import BrokerError, pick
from hub.settings import SettingsError

_BROKER_ABOVE = 90
_TRIES = 20
_ADVICE = "choose another with --listen (posts take the ports after the panel's, the broker the one 90 above)"


def choose_ports(host: str, port: int, post_ids: list[str], before: dict[str, int]) -> dict[str, int]:
    """A free port for each part; with port 0 any free ones, the last start's where they still are.

    SettingsError names the first port that is taken, and the option.
    """
    before = {name: before.get(name, 0) for name in ["panel", *post_ids, "broker"]}
    if port:
        before = {"panel": port, "broker": port + _BROKER_ABOVE}
        before |= {post_id: port + 1 + place for place, post_id in enumerate(post_ids)}
        if max(before.values()) >= 65535 or len(post_ids) >= _BROKER_ABOVE:
            raise SettingsError(f"there is no room for {len(post_ids)} posts after port {port}: {_ADVICE}")
    chosen: dict[str, int] = {}
    for name in ["panel", *post_ids]:
        chosen[name] = _free(host, before[name], set(chosen.values()), exactly=port != 0)
    return chosen | _pair(host, before["broker"], set(chosen.values()), exactly=port != 0)


def _pair(host: str, port: int, but: set[int], *, exactly: bool) -> dict[str, int]:
    """The broker's ports, for posts and the next one for the hub: `poste-hub run` takes them so."""
    for _ in range(_TRIES):
        broker = _free(host, port, but, exactly=exactly)
        if broker < 65535 and broker + 1 not in but:
            try:
                return {"broker": broker, "hub_broker": pick(host, broker + 1, advice=_ADVICE, but=but)}
            except BrokerError as error:
                if exactly:
                    raise SettingsError(str(error)) from error
        port = 0
    raise SettingsError(f"no two free ports in a row on {host} for the broker")


def _free(host: str, port: int, but: set[int], *, exactly: bool) -> int:
    if not exactly and port in but:
        port = 0
    try:
        return pick(host, port, advice=_ADVICE, but=but)
    except BrokerError as error:
        if exactly:
            raise SettingsError(str(error)) from error
        return pick(host, 0, advice=_ADVICE, but=but)
