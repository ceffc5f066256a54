"""A second factor, tokens with a scope, where sign-ins come from, and a count of tries that outlives the hub."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


def _stamps() -> list[tuple[str, fields.Field[Any]]]:
    return [
        ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
        ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [("hub", "0003_posts")]  # noqa: RUF012 - as Tortoise declares it
    operations = [  # noqa: RUF012
        ops.AddField("OperatorRow", "totp_sealed", fields.BinaryField(null=True)),
        ops.AddField("OperatorRow", "totp_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField("OperatorRow", "totp_last_step", fields.BigIntField(null=True)),
        ops.AddField("TokenRow", "role", fields.CharField(null=True, max_length=16)),
        ops.AddField("TokenRow", "address", fields.TextField(null=True, unique=False)),
        ops.AddField("TokenRow", "agent", fields.TextField(null=True, unique=False)),
        ops.CreateModel(
            name="RecoveryCodeRow",
            fields=[
                *_stamps(),
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "operator",
                    fields.ForeignKeyField(
                        "hub.OperatorRow",
                        source_field="operator_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("hash", fields.CharField(unique=True, max_length=64)),
            ],
            options={"table": "recovery_code", "app": "hub", "pk_attr": "id"},
            bases=["Stamped"],
        ),
        ops.CreateModel(
            name="SignInCountRow",
            fields=[
                *_stamps(),
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80)),
                ("tries", fields.IntField()),
                ("level", fields.IntField()),
                ("last_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("locked_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sign_in_count",
                "app": "hub",
                "indexes": [Index(fields=["updated_at"])],
                "pk_attr": "key",
            },
            bases=["Stamped"],
        ),
    ]
