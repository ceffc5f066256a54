"""What a post's last self-test found."""

from __future__ import annotations

import json

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_rules")]  # noqa: RUF012 - as Tortoise declares it
    operations = [  # noqa: RUF012
        ops.AddField(
            model_name="PostRow",
            name="self_test",
            field=fields.JSONField(null=True, encoder=json.dumps, decoder=json.loads),
        ),
    ]
