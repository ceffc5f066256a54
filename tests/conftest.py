"""What every test may rely on; pytest's own settings are in pyproject.toml."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the tests of the pure rooms load no driver
    from tests.support.databases import Place
    from tests.support.postgres import Cluster

SQLITE, POSTGRES = "sqlite", "postgres"
LONGEST_FIRST = ("protocol", "system", "browser")
"""Folders of which a file takes minutes; those of the others take seconds."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=[SQLITE, POSTGRES], default=SQLITE, help="see tests/support/databases.py")
    group = parser.getgroup("protocol", "the search for a run that breaks an invariant")
    group.addoption("--protocol-steps", type=int, default=10_000, help="how many steps it takes")
    group.addoption("--protocol-random", action="store_true", help="search elsewhere than the last time")
    group.addoption("--protocol-shrink", action="store_true", help="look for the shortest such run (takes minutes)")
    group = parser.getgroup("panel", "what people do at the panel, on the whole demo")
    group.addoption(
        "--every-guise", action="store_true", help="each story in all languages at all sizes (minutes more)"
    )
    group = parser.getgroup("api", "the API, asked at random from its own document")
    group.addoption("--fuzz", type=int, default=10, help="how often each route is asked")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each test runs on the databases that it is about: its fixtures say which. The longest files come first."""
    postgres = config.getoption("--database") == POSTGRES
    chosen: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        (chosen if _belongs(set(getattr(item, "fixturenames", ())), postgres) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = sorted(chosen, key=_place)


def _place(item: pytest.Item) -> int:
    """What takes longest begins, so that of two workers neither ends long before the other."""
    folder = item.nodeid.removeprefix("tests/").partition("/")[0]
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


def _belongs(fixtures: set[str], postgres: bool) -> bool:
    if postgres:
        return bool(fixtures & {"migrated", "cluster"}) and "path" not in fixtures
    return "cluster" not in fixtures


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for the whole run."""
    from tests.support.postgres import cluster

    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A database of the run's kind with the present schema; to be copied, and otherwise left alone."""
    from hub.adapters.db.migrate import migrate
    from tests.support.databases import PostgresDatabase, SqliteFile

    place: Place
    if request.config.getoption("--database") == POSTGRES:
        cluster: Cluster = request.getfixturevalue("cluster")
        place = PostgresDatabase(cluster, cluster.database())
    else:
        place = SqliteFile(tmp_path_factory.mktemp("migrated") / "hub.db")
    asyncio.run(migrate(place.where))
    return place


@pytest.fixture
def place(migrated: Place, tmp_path: Path) -> Iterator[Place]:
    """A database of the test's own."""
    copy = migrated.copy(tmp_path)
    yield copy
    copy.drop()


@pytest.fixture
def path(place: Place) -> Path:
    """The same, for a test that is about SQLite's file."""
    return Path(place.where)
