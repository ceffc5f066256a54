"""What the models cannot say: partial unique indexes, the journal's triggers, and the two tables with one row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

_INDEXES = {
    "lease_open_session": "CREATE UNIQUE INDEX lease_open_session ON lease (session_id) WHERE closed_at IS NULL",
    "lease_open_post": "CREATE UNIQUE INDEX lease_open_post ON lease (post_id) WHERE closed_at IS NULL",
    "session_validity": (
        "CREATE INDEX session_validity ON session (valid_until) WHERE status IN ('pending', 'suspended')"
    ),
}
_APPEND_ONLY = {
    "sqlite": [
        """CREATE TRIGGER log_entry_append_only BEFORE UPDATE ON log_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ],
    "postgres": [
        """CREATE FUNCTION log_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'the journal is append-only'; END$$""",
        """CREATE TRIGGER log_entry_append_only BEFORE UPDATE ON log_entry
        FOR EACH ROW EXECUTE FUNCTION log_entry_append_only()""",
    ],
}


async def _journal_is_append_only(_apps: object, editor: Any) -> None:
    for statement in _APPEND_ONLY[editor.DIALECT]:
        # As one statement each: the editor's own way of running SQL cuts a trigger's body at its semicolons.
        await editor.client.execute_query(statement)


async def _single_rows(_apps: object, editor: Any) -> None:
    now = datetime.now(UTC)
    places = "$1, $2, $3" if editor.DIALECT == "postgres" else "?, ?, ?"
    for table, column, value in (("house", "settings", "{}"), ("hub_state", "learning_since", None)):
        await editor.client.execute_query(
            f"INSERT INTO {table} (id, {column}, created_at, updated_at) VALUES (1, {places})",  # noqa: S608
            [value, now, now],
        )


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]  # noqa: RUF012 - as Tortoise declares it
    operations = [  # noqa: RUF012
        *(ops.RunSQL(sql, f"DROP INDEX {name}") for name, sql in _INDEXES.items()),
        ops.RunPython(_journal_is_append_only),
        ops.RunPython(_single_rows),
    ]
