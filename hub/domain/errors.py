"""What can be wrong with something that the desk asks for. What a node sends is never an error here (R9)."""

from __future__ import annotations

from collections.abc import Sequence


class HubError(Exception):
    """Root of the errors that a use case raises on purpose; `reason` is a word for programs, the text for people."""

    reason = "error"


class NotFound(HubError):
    """There is no such post, session, user or operator."""

    reason = "not_found"

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"no {what} {name!r}")
        self.what, self.name = what, name


class Conflict(HubError):
    """The present state forbids it; `reason` says why (`post_busy`, `not_active`, …)."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class Gone(HubError):
    """It was there, and has been wiped for good."""

    reason = "gone"


class Invalid(HubError):
    """A value is out of the range that the house allows; `field` is its name in the API. `more`: others beside it."""

    reason = "invalid"

    def __init__(self, field: str, text: str, more: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.field = field
        self.errors = ((field, text), *more)
        """Every field at fault, and what is wrong with it."""


class Stale(HubError):
    """Somebody else has changed the record since the asker looked at it."""

    reason = "stale"

    def __init__(self) -> None:
        super().__init__("somebody else has changed this meanwhile: look at it again")


class IllegalTransition(Exception):
    """Our own code asked for a change of status that the table does not have: a bug, never a user's mistake."""
