"""The API, asked at random from its own document: nothing makes the hub fail, and every answer is as documented.

`pytest --fuzz 2000` asks that often for each route and each record, instead of the default's few.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.adapters.web.app import ENDPOINTS
from hub.adapters.web.openapi import document
from hub.domain.accounts import Role
from tests.hub.adapters.web.served import Served, served
from tests.support.databases import Place

SCHEMA = schemathesis.openapi.from_dict(document(ENDPOINTS, "0.1.0"))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_numbers = count()


@pytest.fixture(scope="module")
def api(migrated: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk with two posts, one of them in use, codes, and users, one of them with a code."""
    place = migrated.copy(tmp_path_factory.mktemp("fuzz"))
    with served(place) as made:
        made.do(furnish(made))
        yield made
    place.drop()


async def furnish(api: Served) -> None:
    node = await api.desk.room.node("p01")
    await api.desk.room.node("p02")
    await api.desk.running(node)
    users = [(await api.desk.post("/users", {"display_name": name})).body["id"] for name in ("Lea", "Luc")]
    await api.desk.issue(user_id=users[0])
    for _ in range(5):
        await api.desk.issue()


def known(api: Served, path: str) -> list[str]:
    """Ids of two records that the route would find, the oldest first."""
    if "{id}" not in path:
        return []
    table = {"me": "token"}.get(kind := path.split("/")[3], kind.removesuffix("s"))
    return [str(row[0]) for row in api.desk.room.rows(f'SELECT id FROM "{table}" ORDER BY 1 LIMIT 2')]


def test_every_route_is_asked() -> None:
    assert len(OPERATIONS) == len(ENDPOINTS)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_documented(api: Served, label: str, request: pytest.FixtureRequest) -> None:
    operation = OPERATIONS[label]
    token = api.token(f"fuzz-{next(_numbers)}", Role.ADMIN)
    anything = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])
    about = [operation.as_strategy(path_parameters={"id": one}) for one in known(api, operation.path)]
    often = settings(
        max_examples=request.config.getoption("--fuzz"),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    def ask(case: Any) -> None:
        response = case.call(base_url=api.url, headers={"Authorization": f"Bearer {token}"})
        assert str(response.status_code) in operation.definition.raw["responses"], response.text
        case.validate_response(response, checks=CHECKS)

    for cases in (anything, *about):
        often(given(cases)(ask))()
