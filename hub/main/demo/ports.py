"""The demo's ports: the panel's as asked, the posts' from the next one on, the broker's 90 above."""

from __future__ import annotations

from hub.adapters.mqtt.ports import BrokerError, pick
from hub.settings import SettingsError

_BROKER_ABOVE = 90
_ADVICE = "choose another with --listen (posts take the ports after the panel's, the broker the one 90 above)"


def choose_ports(host: str, port: int, post_ids: list[str], before: dict[str, int]) -> dict[str, int]:
    """A free port for each part; with port 0 any free ones, the last start's where they still are.

    SettingsError names the first port that is taken, and the option.
    """
    names = ["panel", *post_ids, "broker", "hub_broker"]
    asked = {name: before.get(name, 0) for name in names}
    if port:
        asked = {"panel": port, "broker": port + _BROKER_ABOVE, "hub_broker": port + _BROKER_ABOVE + 1}
        asked |= {post_id: port + 1 + place for place, post_id in enumerate(post_ids)}
        if max(asked.values()) > 65535 or len(set(asked.values())) < len(asked):
            raise SettingsError(f"there is no room for {len(post_ids)} posts after port {port}: {_ADVICE}")
    chosen: dict[str, int] = {}
    for name in names:
        chosen[name] = _free(host, asked[name], set(chosen.values()), exactly=port != 0)
    return chosen


def _free(host: str, port: int, but: set[int], *, exactly: bool) -> int:
    try:
        return pick(host, port, advice=_ADVICE, but=but)
    except BrokerError as error:
        if exactly:
            raise SettingsError(str(error)) from error
        return pick(host, 0, advice=_ADVICE, but=but)
