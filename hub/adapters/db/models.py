"""The tables, and nothing else: rules live in hub.domain, mapping in `mapping.py`.

Foreign keys are RESTRICT, because history outlives what it speaks of. Partial unique indexes and the journal's
triggers are not expressible here: the first migration makes them in SQL. The journal names sessions, posts, users and
operators without foreign keys: it remembers what is gone.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

_UUID_LENGTH = 36
_POST_ID_LENGTH = 31


def _reference(model: str, **options: Any) -> Any:
    return fields.ForeignKeyField(
        f"hub.{model}", related_name=False, on_delete=OnDelete.RESTRICT, db_index=True, **options
    )


def _json(**options: Any) -> Any:
    # Tortoise's own encoder is a partial, never equal to itself: every makemigrations would alter the column.
    return fields.JSONField(encoder=json.dumps, decoder=json.loads, **options)


class Stamped(Model):
    """What every row says of itself; the store fills both in."""

    created_at: datetime = fields.DatetimeField()
    updated_at: datetime = fields.DatetimeField()

    class Meta:
        abstract = True


class PostRow(Stamped):
    id = fields.CharField(max_length=_POST_ID_LENGTH, primary_key=True)
    name = fields.TextField()
    zone = fields.TextField()
    notes = fields.TextField()
    secret = fields.TextField()
    retired = fields.BooleanField()
    maintenance = _json(null=True)
    throttle = _json()
    state_epoch = fields.TextField(null=True)
    boot_id = fields.TextField(null=True)
    client_version = fields.TextField(null=True)
    ip_address = fields.TextField(null=True)
    mac_address = fields.TextField(null=True)
    last_seen_at = fields.DatetimeField(null=True)
    greeted_at = fields.DatetimeField(null=True)
    self_test = _json(null=True)

    class Meta:
        table = "post"


class UserRow(Stamped):
    id = fields.CharField(max_length=_UUID_LENGTH, primary_key=True)
    display_name = fields.TextField()
    card_number = fields.CharField(max_length=64, null=True, unique=True)
    contact = fields.TextField(null=True)
    category = fields.TextField(null=True)
    notes = fields.TextField()
    blocked = fields.BooleanField()
    quota_day_s = fields.BigIntField(null=True)
    quota_week_s = fields.BigIntField(null=True)
    anonymised_at = fields.DatetimeField(null=True)

    class Meta:
        table = "user"


class SessionRow(Stamped):
    id = fields.CharField(max_length=_UUID_LENGTH, primary_key=True)
    status = fields.CharField(max_length=16)
    initial_s = fields.BigIntField()
    added_s = fields.BigIntField()
    consumed_s = fields.BigIntField()
    allocated_s = fields.BigIntField()
    on_end = fields.CharField(max_length=16)
    code_hash = fields.CharField(max_length=64, null=True, unique=True)
    code_sealed = fields.BinaryField(null=True)
    valid_from = fields.DatetimeField(null=True)
    valid_until = fields.DatetimeField(null=True)
    started_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.TextField(null=True)
    bound_post = _reference("PostRow", null=True)
    user = _reference("UserRow", null=True)
    category = fields.TextField(null=True)
    operator = fields.TextField(null=True)
    notes = fields.TextField()
    joined = _reference("SessionRow", null=True)
    flag = fields.TextField(null=True)

    class Meta:
        table = "session"
        indexes = (("status", "created_at"), ("created_at",), ("ended_at",))


class LeaseRow(Stamped):
    id = fields.CharField(max_length=_UUID_LENGTH, primary_key=True)
    session = _reference("SessionRow")
    post = _reference("PostRow")
    granted_at = fields.DatetimeField()
    total_s = fields.BigIntField()
    req_id = fields.CharField(max_length=_UUID_LENGTH, null=True)
    state_epoch = fields.TextField()
    rev = fields.BigIntField()
    debited_s = fields.BigIntField()
    held = fields.BooleanField()
    intent = fields.CharField(max_length=16, null=True)
    intent_by = fields.TextField(null=True)
    target = _reference("PostRow", null=True)
    closed_at = fields.DatetimeField(null=True)
    charged_s = fields.BigIntField(null=True)
    forced = fields.BooleanField()
    doubted = fields.BooleanField()

    class Meta:
        table = "lease"
        indexes = (("granted_at",),)


class AnswerRow(Stamped):
    req_id = fields.CharField(max_length=_UUID_LENGTH, primary_key=True)
    post = _reference("PostRow")
    at = fields.DatetimeField(db_index=True)
    lease = _reference("LeaseRow", null=True)
    seconds_added = fields.BigIntField(null=True)
    reason = fields.CharField(max_length=32, null=True)
    retry_after_s = fields.BigIntField(null=True)
    detail = fields.TextField(null=True)

    class Meta:
        table = "request"


class StartOrderRow(Stamped):
    id = fields.CharField(max_length=_UUID_LENGTH, primary_key=True)
    session = _reference("SessionRow")
    post = _reference("PostRow")
    expires_at = fields.DatetimeField()
    spent = fields.BooleanField()

    class Meta:
        table = "start_order"


# Append-only: triggers refuse any UPDATE, and any DELETE but the purge's.
# (A docstring would become a comment in the database.)
class LogEntryRow(Model):
    id = fields.BigIntField(primary_key=True, generated=True)
    at = fields.DatetimeField(db_index=True)
    action = fields.CharField(max_length=32)
    session_id = fields.CharField(max_length=_UUID_LENGTH, null=True, db_index=True)
    post_id = fields.CharField(max_length=_POST_ID_LENGTH, null=True)
    user_id = fields.CharField(max_length=_UUID_LENGTH, null=True, db_index=True)
    operator = fields.TextField(null=True)
    details = _json()
    ip_address = fields.TextField(null=True)

    class Meta:
        table = "log_entry"
        indexes = (("action", "at"), ("post_id", "at"))


# One row, id 1, made by the second migration.
class HouseRow(Stamped):
    id = fields.IntField(primary_key=True, generated=True)
    settings = _json()

    class Meta:
        table = "house"


# One row, id 1, made by the second migration.
class HubStateRow(Stamped):
    id = fields.IntField(primary_key=True, generated=True)
    learning_since = fields.DatetimeField(null=True)
    journal_purged_before = fields.DatetimeField(null=True)  # set only within the purge's transactions: what may go
    leader = fields.TextField(null=True)

    class Meta:
        table = "hub_state"


class OperatorRow(Stamped):
    id = fields.IntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=64, unique=True)
    role = fields.CharField(max_length=16)
    password_hash = fields.TextField()
    disabled = fields.BooleanField()
    last_login_at = fields.DatetimeField(null=True)
    totp_sealed = fields.BinaryField(null=True)
    totp_since = fields.DatetimeField(null=True)
    totp_last_step = fields.BigIntField(null=True)

    class Meta:
        table = "operator"


class RecoveryCodeRow(Stamped):
    id = fields.IntField(primary_key=True, generated=True)
    operator = _reference("OperatorRow")
    hash = fields.CharField(max_length=64, unique=True)

    class Meta:
        table = "recovery_code"


# Names and addresses are in the key as keyed hashes only.
class SignInCountRow(Stamped):
    key = fields.CharField(max_length=80, primary_key=True)
    tries = fields.IntField()
    level = fields.IntField()
    last_at = fields.DatetimeField(null=True)
    locked_until = fields.DatetimeField(null=True)

    class Meta:
        table = "sign_in_count"
        indexes = (("updated_at",),)


class TokenRow(Stamped):
    id = fields.IntField(primary_key=True, generated=True)
    operator = _reference("OperatorRow")
    hash = fields.CharField(max_length=64, unique=True)
    kind = fields.CharField(max_length=16)
    name = fields.TextField()
    expires_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    role = fields.CharField(max_length=16, null=True)
    address = fields.TextField(null=True)
    agent = fields.TextField(null=True)

    class Meta:
        table = "token"


class IdempotencyRow(Stamped):
    id = fields.IntField(primary_key=True, generated=True)
    key = fields.CharField(max_length=255)
    operator = _reference("OperatorRow")
    route = fields.CharField(max_length=255)
    result_id = fields.TextField()

    class Meta:
        table = "idempotency"
        unique_together = (("key", "operator", "route"),)
        indexes = (("created_at",),)


# The daily roll-up: figures without anybody's name, which outlive what they were counted from.
class TallyRow(Model):
    id = fields.BigIntField(primary_key=True, generated=True)
    day = fields.CharField(max_length=10)
    measure = fields.CharField(max_length=16)
    amount = fields.BigIntField()
    hour = fields.IntField(null=True)
    post_id = fields.CharField(max_length=_POST_ID_LENGTH, null=True)
    zone = fields.TextField(null=True)
    category = fields.TextField(null=True)

    class Meta:
        table = "tally"
        indexes = (("day",),)
