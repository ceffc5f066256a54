"""Quotas and forgetting for users, the statistics' daily figures, and a journal that only the purge deletes from."""
# ruff: noqa: RUF012

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

_GUARD = {
    "sqlite": [
        """CREATE TRIGGER log_entry_kept BEFORE DELETE ON log_entry
        WHEN NOT EXISTS (SELECT 1 FROM hub_state WHERE OLD.at < journal_purged_before)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ],
    "postgres": [
        """CREATE FUNCTION log_entry_kept() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN
          IF TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM hub_state WHERE OLD.at < journal_purged_before) THEN RETURN OLD; END IF;
          END IF;
          RAISE EXCEPTION 'the journal is append-only';
        END$$""",
        """CREATE TRIGGER log_entry_kept BEFORE DELETE ON log_entry
        FOR EACH ROW EXECUTE FUNCTION log_entry_kept()""",
        """CREATE TRIGGER log_entry_not_emptied BEFORE TRUNCATE ON log_entry
        FOR EACH STATEMENT EXECUTE FUNCTION log_entry_kept()""",
    ],
}


async def _only_the_purge_deletes(_apps: object, editor: Any) -> None:
    for statement in _GUARD[editor.DIALECT]:  # one statement each: see 0002_rules
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("hub", "0004_accounts")]
    operations = [
        ops.AddField(model_name="UserRow", name="quota_day_s", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="UserRow", name="quota_week_s", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="UserRow", name="anonymised_at", field=fields.DatetimeField(null=True)),
        ops.AddField(model_name="HubStateRow", name="journal_purged_before", field=fields.DatetimeField(null=True)),
        ops.CreateModel(
            name="TallyRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("day", fields.CharField(max_length=10)),
                ("measure", fields.CharField(max_length=16)),
                ("amount", fields.BigIntField()),
                ("hour", fields.IntField(null=True)),
                ("post_id", fields.CharField(null=True, max_length=31)),
                ("zone", fields.TextField(null=True, unique=False)),
                ("category", fields.TextField(null=True, unique=False)),
            ],
            options={"table": "tally", "app": "hub", "indexes": [Index(fields=["day"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddIndex(model_name="LeaseRow", index=Index(fields=["granted_at"])),
        ops.AddIndex(model_name="SessionRow", index=Index(fields=["ended_at"])),
        # The sweep asks for these every two seconds; almost none of the sessions that are over still has its code.
        ops.RunSQL(
            "CREATE INDEX session_sealed ON session (ended_at) WHERE code_sealed IS NOT NULL",
            "DROP INDEX session_sealed",
        ),
        ops.RunPython(_only_the_purge_deletes),
    ]
