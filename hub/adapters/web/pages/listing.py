"""Lists whose filters, order and page are in the address, so that they can be kept, sent and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BeforeValidator, ValidationError

from hub.adapters.web.declare import Call
from hub.adapters.web.fields import Paged, day
from hub.adapters.web.pages.forms import Wrong, wrongs
from hub.adapters.web.pages.visit import SAID, Visit
from hub.adapters.web.problems import invalid
from hub.domain.calendar import day_began

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Q = TypeVar("Q", bound=Paged)
F = TypeVar("F", bound="DataclassInstance")
T = TypeVar("T")
Day = Annotated[date, BeforeValidator(day)]


class Days(Paged):
    """A list of what happened from one day to another, both included, by the house's calendar."""

    since: Day | None = None
    until: Day | None = None

    def began(self, time_zone: str) -> datetime | None:
        """The first instant of these days."""
        return day_began(self.since, time_zone) if self.since else None

    def over(self, time_zone: str) -> datetime | None:
        """The first instant after these days."""
        return day_began(self.until + timedelta(days=1), time_zone) if self.until else None


@dataclass(frozen=True, slots=True)
class Listing(Generic[Q]):
    """What a list's address asks for. `values`: as it was written; what is wrong is left out of `query`."""

    path: str
    query: Q
    values: Mapping[str, str]
    errors: Mapping[str, Wrong]

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return any(name not in Paged.model_fields for name in self.values)

    def with_(self, **changes: object) -> str:
        """The address of the same list with something changed; None takes it out. Back to the first page, if unsaid."""
        told = {**self.values, "page": None, **changes}
        return self._address(self.path, told)

    def sorted_by(self, field: str) -> str:
        """The address of the list sorted by a field; upside down where it is sorted so already."""
        return self.with_(ordering=f"-{field}" if self.query.ordering == field else field)

    def csv(self) -> str:
        """The address of the whole list as a file."""
        return self._address(f"{self.path}.csv", {**self.values, "page": None, "page_size": None, "ordering": None})

    def pages(self, total: int) -> int:
        """How many pages a list of so many items has."""
        return max(1, -(-total // self.query.page_size))

    def _address(self, path: str, told: Mapping[str, object]) -> str:
        kept = {name: str(value) for name, value in told.items() if value is not None}
        return f"{path}?{urlencode(kept)}" if kept else path


def listing(visit: Visit, model: type[Q]) -> Listing[Q]:
    """What the address of this visit asks for. A filter that makes no sense is told, and does not filter."""
    given = {name: text.strip() for name, text in visit.request.query.items() if name != SAID}
    values = {name: text for name, text in given.items() if text and name in model.model_fields}
    try:
        return Listing(visit.request.path, model.model_validate(values), values, {})
    except ValidationError as error:
        errors = wrongs(error)
        sound = {name: text for name, text in values.items() if name not in errors}
        return Listing(visit.request.path, model.model_validate(sound), values, errors)


def exporting(visit: Visit, model: type[Q]) -> tuple[Call, Q]:
    """The same for the whole list as a file; Problem 422 for a filter that makes no sense: nobody would see that."""
    wanted = listing(visit, model)
    if wanted.errors:
        raise invalid(*((name, wrong.words) for name, wrong in wanted.errors.items()))
    return Call(visit.request, visit.hub, visit.caller), wanted.query


def matching(kind: type[F], query: Paged, **fixed: Any) -> F:
    """A filter made of the query's fields of the same name, and of what is `fixed`."""
    told = {item.name: getattr(query, item.name) for item in fields(kind) if hasattr(query, item.name)}
    return kind(**(told | fixed))
