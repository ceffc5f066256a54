"""Where each entry of the journal comes from: an action that nothing writes would be a promise that nobody keeps."""

from __future__ import annotations

import re
from pathlib import Path

import hub
from hub.wire.terms import Action

ROOT = Path(hub.__file__).parent
WRITTEN_BY = {
    Action.USER_CREATED: "usecases/people/users.py",
    Action.USER_CHANGED: "usecases/people/users.py",
    Action.USER_DELETED: "usecases/people/users.py",
    Action.CODE_ISSUED: "usecases/issue.py",
    Action.SESSION_STARTED: "usecases/redeem.py",
    Action.SESSION_RESUMED: "usecases/redeem.py",
    Action.TIME_ADDED: "usecases/add_time.py usecases/redeem.py",
    Action.SESSION_ENDED: "usecases/recall.py usecases/redeem.py usecases/settlement.py usecases/void.py",
    Action.SESSION_EXPIRED: "usecases/settlement.py usecases/sweep.py",
    Action.SESSION_SUSPENDED: "usecases/recall.py usecases/settlement.py",
    Action.SESSION_TRANSFERRED: "usecases/recall.py",
    Action.SESSION_CHANGED: "usecases/edit_session.py",
    Action.CODE_REFUSED: "usecases/redeem.py",
    Action.LOCKOUT: "usecases/redeem.py",
    Action.LEASE_RELEASED: "usecases/settlement.py",
    Action.POST_CONNECTED: "usecases/observe.py",
    Action.POST_DISCONNECTED: "usecases/observe.py usecases/sweep.py",
    Action.POST_CHANGED: "usecases/posts.py",
    Action.MAINTENANCE_ON: "usecases/maintenance.py",
    Action.MAINTENANCE_OFF: "usecases/maintenance.py",
    Action.INCIDENT: "usecases/greet.py usecases/incident.py usecases/redeem.py usecases/settlement.py",
    Action.OPERATOR_LOGIN: "usecases/accounts/sign_in.py",
    Action.OPERATOR_LOGIN_FAILED: "usecases/accounts/sign_in.py",
    Action.OPERATOR_CHANGED: "usecases/accounts/operators.py",
    Action.RETENTION_PURGE: "usecases/purge.py",
    Action.ERROR: "usecases/error.py",
    Action.SETTINGS_CHANGED: "usecases/settings.py",
    Action.BACKUP: "main/backup.py main/restore.py",
}


def writers() -> dict[Action, set[str]]:
    """The use cases that name each action beside a call that writes it; reading ones do so in adapters only."""
    found: dict[Action, set[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        where = path.relative_to(ROOT)
        if where.parts[0] not in ("wire", "adapters"):
            for name in re.findall(r"\bAction\.([A-Z_]+)\b", path.read_text(encoding="utf-8")):
                found.setdefault(Action[name], set()).add(where.as_posix())
    return found


def test_every_action_is_written_where_this_table_says() -> None:
    found = writers()
    for action, files in WRITTEN_BY.items():
        assert set(files.split()) <= found.get(action, set()), action


def test_no_action_is_forgotten() -> None:
    assert writers().keys() == set(Action) == WRITTEN_BY.keys()
