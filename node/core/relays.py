"""When each relay moves: staged on and off, the supply's rest, the reset pulse, and whether a contact follows.

The rules:

- On and off go in the order listed, each relay after its own delay; a new word overtakes what is still to come.
- An off waits for nothing but its own delay. An on also waits until the relay has been off for `min_off_ms`.
- A reset relay obeys neither word: it is pulsed once, `reset_after_ms` after a stay has ended, whatever comes then.
- A word of on is answered when a relay is on, resets apart; a word of off that comes before that takes it back.
- A contact that differs from its relay for `follow_ms` is a fault, until it is seen to follow again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

CHECK_MS = 250
"""How often contacts with feedback are looked at."""


class RelayRole(StrEnum):
    """What a relay is for."""

    POWER = "power"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class RelayRule:
    """One relay's times; `feedback`: something tells what its contact really does."""

    name: str
    role: RelayRole = RelayRole.POWER
    on_delay_ms: int = 0
    off_delay_ms: int = 0
    min_off_ms: int = 0
    reset_after_ms: int = 5_000
    reset_pulse_ms: int = 1_000
    feedback: bool = False
    follow_ms: int = 500


@dataclass(frozen=True, slots=True)
class Switching:
    """One relay moves, at a time of the clock."""

    at_ms: int
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Relays:
    """What the relays are, and what is still to come. `moved_at_ms` holds each relay's last move."""

    rules: tuple[RelayRule, ...]
    moved_at_ms: Mapping[str, int]
    wanted: bool = False
    unanswered: bool = False
    """The word was on, and nobody has been told yet that there is power."""
    closed: frozenset[str] = frozenset()
    """The relays that are on: a closed contact carries power."""
    planned: tuple[Switching, ...] = ()
    differs_since_ms: Mapping[str, int] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()


def at_rest(rules: tuple[RelayRule, ...], now_ms: int) -> Relays:
    """All off. As nobody knows since when, the supply's rest begins now."""
    return Relays(rules, {rule.name: now_ms for rule in rules})


def switched_on(relays: Relays, now_ms: int) -> Relays:
    """The word is on: what is on stays so, the others follow in order. A second such word only asks again."""
    if relays.wanted:
        return replace(relays, unanswered=True)
    at_ms, planned = now_ms, _resets(relays)
    for rule in _powers(relays):
        if rule.name not in relays.closed:
            at_ms = max(at_ms + rule.on_delay_ms, relays.moved_at_ms[rule.name] + rule.min_off_ms)
            planned.append(Switching(at_ms, rule.name, on=True))
    return replace(relays, wanted=True, unanswered=True, planned=tuple(planned))


def switched_off(relays: Relays, now_ms: int) -> Relays:
    """The word is off: nothing goes on any more, and what is on follows in order."""
    if not relays.wanted:
        return relays
    at_ms, planned = now_ms, _resets(relays)
    for rule in _powers(relays):
        if rule.name in relays.closed:
            at_ms += rule.off_delay_ms
            planned.append(Switching(at_ms, rule.name, on=False))
    return replace(relays, wanted=False, unanswered=False, planned=tuple(planned))


def forgotten(relays: Relays, now_ms: int) -> Relays:
    """A stay has ended: each reset relay is to be pulsed. A pulse that is under way ends now, for another one."""
    planned = [step for step in relays.planned if step not in _resets(relays)]
    for rule in relays.rules:
        if rule.role is RelayRole.RESET:
            if rule.name in relays.closed:
                planned.append(Switching(now_ms, rule.name, on=False))
            begins_ms = now_ms + rule.reset_after_ms
            planned.append(Switching(begins_ms, rule.name, on=True))
            planned.append(Switching(begins_ms + rule.reset_pulse_ms, rule.name, on=False))
    return replace(relays, planned=tuple(planned))


def passed(relays: Relays, now_ms: int) -> tuple[Relays, tuple[Switching, ...]]:
    """What is due by now, done in order; each counts from now, for a late move rests no shorter."""
    due = tuple(sorted((step for step in relays.planned if step.at_ms <= now_ms), key=lambda step: step.at_ms))
    closed, moved = set(relays.closed), dict(relays.moved_at_ms)
    for step in due:
        (closed.add if step.on else closed.discard)(step.name)
        moved[step.name] = now_ms
    left = tuple(step for step in relays.planned if step not in due)
    return replace(relays, closed=frozenset(closed), moved_at_ms=moved, planned=left), due


def answered(relays: Relays) -> tuple[Relays, bool]:
    """Whether to tell now that there is power, which is then told."""
    told = relays.unanswered and any(rule.name in relays.closed for rule in _powers(relays))
    return (replace(relays, unanswered=False), True) if told else (relays, False)


def sensed(relays: Relays, contacts: Mapping[str, bool], now_ms: int) -> Relays:
    """What the contacts are seen to be: `faulty` are those that have differed for too long."""
    differs: dict[str, int] = {}
    faulty: set[str] = set()
    for rule in relays.rules:
        name = rule.name
        if name in contacts and contacts[name] is not (name in relays.closed):
            differs[name] = max(relays.differs_since_ms.get(name, now_ms), relays.moved_at_ms[name])
            if name in relays.faulty or now_ms - differs[name] >= rule.follow_ms:
                faulty.add(name)
    return replace(relays, differs_since_ms=differs, faulty=frozenset(faulty))


def next_ms(relays: Relays, now_ms: int) -> int | None:
    """When `passed` and `sensed` have to be asked next; None: not before the next word."""
    times = [step.at_ms for step in relays.planned]
    if any(rule.feedback for rule in relays.rules):
        times.append(now_ms + CHECK_MS)
    times += [
        relays.differs_since_ms[rule.name] + rule.follow_ms
        for rule in relays.rules
        if rule.name in relays.differs_since_ms and rule.name not in relays.faulty
    ]
    return min(times, default=None)


def _powers(relays: Relays) -> list[RelayRule]:
    return [rule for rule in relays.rules if rule.role is RelayRole.POWER]


def _resets(relays: Relays) -> list[Switching]:
    """What is still to come for the reset relays, which no word touches."""
    names = {rule.name for rule in relays.rules if rule.role is RelayRole.RESET}
    return [step for step in relays.planned if step.name in names]
