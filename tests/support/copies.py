"""Copies of a PostgreSQL database that are given back and lent again: cheaper by far than making and dropping each.

The database that is copied keeps its rows once more, in a schema of their own, with a function that puts them back and
an event trigger that notes any change of the schema. A copy whose schema was changed is dropped: its rows alone would
not make it what it was.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.support.postgres import Cluster

_numbers = count(1)
_BEGINNING = """
CREATE SCHEMA {origin};
CREATE TABLE {origin}.touched (command TEXT);
CREATE FUNCTION {origin}.touch() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO {origin}.touched VALUES (tg_tag); END$$;
"""
# As a replica: neither foreign keys nor the journal's own trigger stand in the way of what was there before.
_END = """
CREATE FUNCTION {origin}.restore() RETURNS boolean LANGUAGE plpgsql SET session_replication_role = replica AS $$BEGIN
IF EXISTS (SELECT FROM {origin}.touched) THEN RETURN false; END IF;
{steps}
RETURN true;
END$$;
CREATE EVENT TRIGGER {origin} ON ddl_command_end EXECUTE FUNCTION {origin}.touch();
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Copies:
    """Of the database at `url`, as it is now; nobody may change it from here on."""

    def __init__(self, cluster: Cluster, url: str) -> None:
        self._cluster, self._url = cluster, url
        self._origin = f"origin_{next(_numbers)}"  # a copy may be copied in its turn
        self._spare: list[str] = []
        cluster.load(url, _BEGINNING.format(origin=self._origin))
        cluster.load(url, _END.format(origin=self._origin, steps="\n".join(self._steps())))

    def _steps(self) -> list[str]:
        """The statements that put rows and sequences back."""
        steps: list[str] = []
        for (name,) in self._ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            self._ask(f'CREATE TABLE {self._origin}."{name}" AS TABLE public."{name}"')
            steps.append(f'DELETE FROM public."{name}";')
            if self._ask(f'SELECT FROM public."{name}" LIMIT 1'):
                steps.append(f'INSERT INTO public."{name}" SELECT * FROM {self._origin}."{name}";')
        for (name,) in self._ask("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"):
            ((last, called),) = self._ask(f'SELECT last_value, is_called FROM public."{name}"')
            steps.append(f"PERFORM setval('public.\"{name}\"', {last}, {called});")
        return steps

    def _ask(self, statement: str) -> list[Any]:
        return self._cluster.run(self._url, statement)

    def lend(self) -> str:
        """The URL of a copy."""
        if self._spare:
            return self._spare.pop()
        self._cluster.leave(self._url)
        return self._cluster.database(self._url)

    def take_back(self, url: str) -> None:
        """Put a copy in order for the next; whoever is still connected is cut off."""
        self._cluster.run(url, _END_OTHERS)
        ((restored,),) = self._cluster.run(url, f"SELECT {self._origin}.restore()")
        if restored:
            self._spare.append(url)
        else:
            self._cluster.drop(url)
