"""The words of the protocol: enums, limits and versions, the same on both sides and in every topic."""

from __future__ import annotations

from enum import StrEnum

PROTOCOL = (1, 1)
"""The oldest and the newest message version that this code speaks (the `v` of every message)."""

MAX_MESSAGE_BYTES = 8 * 1024
MAX_SECONDS = 2**31 - 1
SLICE_S = 10
"""The most that one power cut may cost the patron (R5)."""
REQUEST_TTL_S = 15
"""How long a node waits for the answer to a request, on CLOCK_BOOTTIME (R4)."""
SETTLE_REPEAT_S = 10
"""How often a node tells a settlement that nobody has confirmed (R11)."""
STATUS_PERIOD_S = 10
"""How often a node tells its status unasked."""
SILENT_AFTER_S = 45
"""A post that has said nothing for this long is offline."""

LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The signs of a code: A-Z and 2-9 without the look-alikes O, 0, I and 1."""

POST_ID_PATTERN = r"[a-z0-9][a-z0-9-]{0,30}"
RESERVED_POST_IDS = frozenset({"hub", "monitor"})
"""Broker accounts of the hub itself and of monitors: no post may be called so."""


class SessionStatus(StrEnum):
    """Where a stay is in its life."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    EXPIRED = "expired"


class PostStatus(StrEnum):
    """What a post is, derived and never stored, in order of precedence."""

    MAINTENANCE = "maintenance"
    OFFLINE = "offline"
    OCCUPIED = "occupied"
    RESERVED = "reserved"
    AVAILABLE = "available"


class LeaseState(StrEnum):
    """What the hub states of a lease (`open`, `revoked`) and what a node tells of one (`open`, `closed`)."""

    OPEN = "open"
    REVOKED = "revoked"
    CLOSED = "closed"


class Intent(StrEnum):
    """Why the hub takes a lease back."""

    SUSPEND = "suspend"
    END = "end"
    TRANSFER = "transfer"


class SettleReason(StrEnum):
    """Why a node closed a lease."""

    EXPIRED = "expired"
    ENDED_HERE = "ended_here"
    PAUSED_HERE = "paused_here"
    REVOKED = "revoked"
    NOT_ACCEPTED = "not_accepted"


class DenyReason(StrEnum):
    """Why a request gets no lease."""

    UNKNOWN_CODE = "unknown_code"
    ALREADY_IN_USE = "already_in_use"
    USED_UP = "used_up"
    CODE_EXPIRED = "code_expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_POST = "wrong_post"
    POST_BUSY = "post_busy"
    POST_RESERVED = "post_reserved"
    POST_MAINTENANCE = "post_maintenance"
    CLOSED = "closed"
    QUOTA = "quota"
    LEASE_CHANGED = "lease_changed"
    LOCKED_OUT = "locked_out"
    HUB_BUSY = "hub_busy"


class Phase(StrEnum):
    """What a post is doing, as its status tells it."""

    IDLE = "idle"
    ENTERING = "entering"
    CHECKING = "checking"
    RUNNING = "running"
    GRACE = "grace"
    LOCKED_OUT = "locked_out"
    MAINTENANCE = "maintenance"
    FAULT = "fault"


class HubLink(StrEnum):
    """Whom a node can reach."""

    OK = "ok"
    NO_HUB = "no_hub"
    NO_BROKER = "no_broker"


class Relay(StrEnum):
    """What a relay is."""

    ON = "on"
    OFF = "off"


class PowerReturn(StrEnum):
    """What becomes of a running stay after a power cut."""

    RESUME = "resume"
    PAUSE = "pause"


class IncidentKind(StrEnum):
    """What a node reports that is neither a request nor a settlement."""

    HELP = "help"
    KEYPAD_LOST = "keypad_lost"
    KEYPAD_BACK = "keypad_back"
    DISPLAY_FAULT = "display_fault"
    RELAY_MISMATCH = "relay_mismatch"
    POWER_CYCLE = "power_cycle"
    JOURNAL_QUARANTINED = "journal_quarantined"
    TAMPER = "tamper"


class Language(StrEnum):
    """The languages that a post and the panel speak."""

    FR = "fr"
    EN = "en"


class Action(StrEnum):
    """What an entry of the audit journal records."""

    USER_CREATED = "user_created"
    USER_CHANGED = "user_changed"
    USER_DELETED = "user_deleted"
    CODE_ISSUED = "code_issued"
    SESSION_STARTED = "session_started"
    TIME_ADDED = "time_added"
    SESSION_ENDED = "session_ended"
    SESSION_EXPIRED = "session_expired"
    OPERATOR_LOGIN = "operator_login"
    POST_CONNECTED = "post_connected"
    POST_DISCONNECTED = "post_disconnected"
    ERROR = "error"
    SESSION_SUSPENDED = "session_suspended"
    SESSION_RESUMED = "session_resumed"
    SESSION_TRANSFERRED = "session_transferred"
    SESSION_CHANGED = "session_changed"
    CODE_REFUSED = "code_refused"
    LOCKOUT = "lockout"
    LEASE_RELEASED = "lease_released"
    POST_CHANGED = "post_changed"
    MAINTENANCE_ON = "maintenance_on"
    MAINTENANCE_OFF = "maintenance_off"
    OPERATOR_LOGIN_FAILED = "operator_login_failed"
    OPERATOR_CHANGED = "operator_changed"
    SETTINGS_CHANGED = "settings_changed"
    INCIDENT = "incident"
    RETENTION_PURGE = "retention_purge"
    BACKUP = "backup"
