"""Which of several hubs on one database leads: the epoch of its start."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("hub", "0005_people")]  # noqa: RUF012 - as Tortoise declares it
    operations = [  # noqa: RUF012
        ops.AddField(model_name="HubStateRow", name="leader", field=fields.TextField(null=True, unique=False)),
    ]
