"""All that a post knows, in one frozen value; what of it survives a power cut is its `record`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from hub.wire.messages import Incident, PostSettings, Redeem
from hub.wire.terms import DenyReason, HubLink, Language, SettleReason
from node.core.ledger import Record
from node.core.tables import DialogueState, PowerState

JOURNAL_FAULT = "journal"
"""The fault that closes a post to codes: what cannot be written down cannot be spent."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this node is, the same from start to end of the program."""

    boot_id: str
    version: str
    language: Language
    """What the post speaks until the hub's settings are known."""
    ip: str | None = None
    mac: str | None = None
    hardware: Mapping[str, str] = field(default_factory=dict)
    clock_synced: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of the way to the hub. `greeted`: a sync has come since the last reason to say hello (R11)."""

    state: HubLink = HubLink.NO_BROKER
    hub_epoch: str | None = None
    greeted: bool = False
    hello_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """The request whose answer is awaited (R4). It holds the code, which no repr shows."""

    message: Redeem
    since_ms: int
    sent_at_ms: int


class Say(Enum):
    """What the screen can say for a few seconds, besides the reasons of a refusal and of an end."""

    STARTING = "starting"
    NO_HUB = "no_hub"
    NO_ANSWER = "no_answer"
    TRY_AGAIN = "try_again"
    ADDED = "added"
    BALANCE = "balance"
    CALLED = "called"
    OUT_OF_ORDER = "out_of_order"
    PAUSE_AGAIN = "pause_again"
    END_AGAIN = "end_again"
    POWER_CUT = "power_cut"


@dataclass(frozen=True, slots=True)
class Flash:
    """What the screen says until a moment. `detail`: another post's name; `seconds`: time that was added."""

    what: Say | DenyReason | SettleReason
    until_ms: int
    detail: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class DeskNotice:
    """A message from the desk, and when it appears and goes."""

    text: str
    since_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Dark:
    """Power was asked for at `asked_ms`, and no relay is on yet: `paid_ms` of paid time wait for it."""

    asked_ms: int
    paid_ms: int


@dataclass(frozen=True, slots=True)
class Post:
    """A post between two events. Instants are `Moment.ms`; 0 stands for one long past.

    `paid_until_ms`: up to when a durable debit covers the power. `dark`: relays still to close, for which paid time
    waits. `grace_due`: the grace is journalled and not yet begun. `cut_short`: a power cut has paused the stay, which
    is yet to be written down. `counted_s`: the time left at the last look, for the warnings. `entry`: the signs typed
    so far.
    """

    me: Identity
    record: Record
    at_ms: int
    power: PowerState = PowerState.OFF
    dialogue: DialogueState = DialogueState.IDLE
    paid_until_ms: int = 0
    dark: Dark | None = None
    grace_due: bool = False
    cut_short: bool = False
    grace_until_ms: int = 0
    counted_s: int = 0
    blink_until_ms: int = 0
    entry: str = field(default="", repr=False)
    key_at_ms: int = 0
    wait: Wait | None = None
    locked_until_ms: int = 0
    language: Language | None = None
    flash: Flash | None = None
    notice: DeskNotice | None = None
    identify_until_ms: int = 0
    link: Link = field(default_factory=Link)
    synced: bool = False
    settle_at_ms: int | None = None
    incidents: tuple[Incident, ...] = ()
    help_at_ms: int | None = None
    faults: tuple[str, ...] = ()
    keypads_lost: tuple[str, ...] = ()
    journal_retry_ms: int = 0
    stopped: bool = False

    def paid_ms(self, now_ms: int) -> int:
        """How much of the paid time is still to come; less than nothing when it is over."""
        return self.paid_until_ms - now_ms if self.dark is None else self.dark.paid_ms

    @property
    def settings(self) -> PostSettings:
        """What the house lets this post know."""
        return self.record.settings

    @property
    def identifying(self) -> bool:
        """The desk lets this post blink, so that somebody finds it."""
        return self.at_ms < self.identify_until_ms

    @property
    def journal_down(self) -> bool:
        """Nothing can be made durable now."""
        return JOURNAL_FAULT in self.faults

    @property
    def maintenance(self) -> bool:
        """Closed to codes, for staff; a grant that comes during a stay waits for its end (R14)."""
        return self.record.grant is not None and self.record.lease is None

    @property
    def speaks(self) -> Language:
        """The language of the screen now."""
        if self.language is not None:
            return self.language
        never_told = not self.synced and self.settings == PostSettings()
        return self.me.language if never_told else self.settings.language
