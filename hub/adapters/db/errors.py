"""What can be wrong with the database itself."""

from __future__ import annotations

from hub.usecases.ports import Unavailable


class DatabaseUnusable(Exception):
    """It cannot be opened, is no database, is damaged, or refuses our account; the text says which."""


class DatabaseBusy(Unavailable):
    """Another program has kept it locked for longer than we wait, or broke our transaction off."""


class DatabaseFull(Unavailable):
    """Its disk is full."""


class DatabaseUnwritable(Unavailable):
    """Its disk fails or takes nothing more, as a card does that the kernel has given up, or its file is not ours."""


class DatabaseAway(Unavailable):
    """The server cannot be reached, or has gone while it was spoken to."""


class Deposed(Unavailable):
    """Another hub leads now; this one may store nothing more."""
