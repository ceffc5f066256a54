"""The journal's page: every entry is a sentence, in both languages; filters, files, and what stands out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from hub.domain.accounts import Role
from hub.domain.records import LogEntry
from hub.wire.terms import Action, DenyReason, IncidentKind
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting
from tests.support.room import Node

OWN_INCIDENTS = (
    "guessing",
    "new_card",
    "unknown_lease",
    "adopted_total",
    "lower_debit",
    "refusal_not_believed",
    "corrected_charge",
)
TOLD: list[tuple[Action, Mapping[str, object], str]] = [
    (Action.USER_CREATED, {}, "The user was registered."),
    (Action.USER_CHANGED, {"changed": ["display_name", "card_number"]}, "was changed: name, card number."),
    (Action.USER_CHANGED, {"changed": ["anonymised_at"]}, "was anonymised"),
    (Action.USER_DELETED, {}, "The user was deleted."),
    (Action.CODE_ISSUED, {"seconds": 3600}, "A code for 1 h was issued, for p01 only."),
    (Action.SESSION_STARTED, {"seconds": 900}, "The session began at p01, with 15 min."),
    (Action.SESSION_RESUMED, {"seconds": 900}, "The session went on at p01, with 15 min."),
    (Action.TIME_ADDED, {"seconds": 900}, "15 min were added at p01."),
    (Action.TIME_ADDED, {"seconds": 900, "merged": "x"}, "15 min of another code were added at p01."),
    (Action.SESSION_SUSPENDED, {"reason": "undo"}, "The end was undone"),
    (Action.SESSION_SUSPENDED, {"reason": "suspend", "charged_s": 60}, "suspended the session at p01; 1 min"),
    (Action.SESSION_SUSPENDED, {"reason": "transfer", "charged_s": 60}, "The session left p01"),
    (Action.SESSION_SUSPENDED, {"reason": "paused_here", "charged_s": 60}, "paused at the keypad of p01"),
    (Action.SESSION_SUSPENDED, {"reason": "ended_here", "charged_s": 60}, "ended at the keypad of p01"),
    (Action.SESSION_SUSPENDED, {"reason": "not_accepted", "charged_s": 0}, "p01 could not start the session"),
    (Action.SESSION_SUSPENDED, {"reason": "revoked", "charged_s": 0}, "The session was suspended at p01"),
    (Action.SESSION_TRANSFERRED, {}, "The session was sent to p01."),
    (Action.SESSION_ENDED, {"reason": "ended_here", "charged_s": 60}, "ended at the keypad. 1 min were used at p01."),
    (Action.SESSION_EXPIRED, {"reason": "validity_past"}, "The session is over: the code’s validity is past."),
    (Action.SESSION_CHANGED, {"changed": ["notes", "valid_until"]}, "Changed: notes, validity."),
    (Action.LEASE_RELEASED, {"reason": "stuck", "charged_s": 60}, "p01 was freed by force, and 1 min were charged"),
    (Action.OPERATOR_LOGIN, {"kind": "panel"}, "Signed in."),
    (Action.OPERATOR_LOGIN, {"kind": "api"}, "Signed in with a program."),
    (Action.OPERATOR_LOGIN_FAILED, {"known": True}, "A sign-in failed."),
    (Action.OPERATOR_LOGIN_FAILED, {"known": False}, "with a name that nobody has"),
    (Action.OPERATOR_CHANGED, {"name": "paul", "change": "added", "role": "viewer"}, "The account paul: added."),
    (Action.POST_CONNECTED, {}, "p01 is connected."),
    (Action.POST_DISCONNECTED, {}, "p01 is no longer heard."),
    (Action.ERROR, {"where": "GET /x", "kind": "OSError"}, "Something failed in the hub at GET /x (OSError)"),
    (Action.LOCKOUT, {"seconds": 300}, "p01 takes no code for 5 min"),
    (Action.POST_CHANGED, {"change": "edited", "changed": ["zone"]}, "p01 was changed: zone."),
    (Action.POST_CHANGED, {"change": "removed", "name": "Old"}, "Old was removed."),
    (Action.POST_CHANGED, {"change": "notice", "seconds": 60}, "to the screen of p01, for 1 min."),
    (Action.POST_CHANGED, {"change": "call_answered"}, "The call from p01 was answered."),
    (Action.MAINTENANCE_ON, {"reason": "new screen"}, "Maintenance began at p01: new screen."),
    (Action.MAINTENANCE_ON, {"reason": ""}, "Maintenance began at p01."),
    (Action.MAINTENANCE_OFF, {}, "Maintenance is over at p01."),
    (Action.SETTINGS_CHANGED, {"changed": {"grace_s": {"old": 60, "new": 30}}}, "changed: time to save (60 → 30)."),
    (Action.SETTINGS_CHANGED, {"changed": {"code.length": {"old": 6, "new": 8}}}, "form of the codes (6 → 8)."),
    (Action.RETENTION_PURGE, {"counts": {"journal": 3}}, "3 entries of the journal."),
    (Action.BACKUP, {"file": "x", "bytes": 3}, "A backup was made."),
    (Action.BACKUP, {"restored": True}, "A backup was restored."),
    (Action.CODE_REFUSED, {"reason": "unknown_code"}, "p01 refused a code: nobody has such a code."),
    (Action.INCIDENT, {"kind": "relay_mismatch", "detail": "display"}, "does not follow. (display)"),
]


async def write(desk: TestDesk, action: Action, details: Mapping[str, object], post_id: str | None = "p01") -> None:
    async with desk.room.room.store.transaction() as tx:
        await tx.log(LogEntry(desk.room.clock.now(), action, post_id=post_id, operator="paul", details=details))


def test_every_action_has_its_sentence_here() -> None:
    assert {action for action, _, _ in TOLD} == set(Action)


async def test_every_entry_is_a_sentence(desk: TestDesk) -> None:
    async with visiting(desk, Role.VIEWER) as vera:
        for action, details, sentence in TOLD:
            await write(desk, action, details)
            seen = await vera.see("/journal?operator=paul&page_size=1&ordering=-at")
            assert seen.status == 200
            said = seen.text.replace("&#39;", "'").replace("Post 1", "p01")
            assert sentence in said, (action, details, said)
            assert "&amp;#" not in seen.html, "escaped twice"
            desk.room.clock.advance(1)


async def test_no_refusal_and_no_incident_is_told_in_the_words_of_programs(desk: TestDesk) -> None:
    for reason in DenyReason:
        await write(desk, Action.CODE_REFUSED, {"reason": reason})
    for kind in (*IncidentKind, *OWN_INCIDENTS):
        await write(desk, Action.INCIDENT, {"kind": kind, "seconds": 5})
    async with visiting(desk, language="fr") as marie:
        seen = await marie.see("/journal?operator=paul&page_size=200")
        said = seen.text
        assert "Incident sur" not in said
        assert not {reason.replace("_", " ") for reason in DenyReason if "_" in reason} & set(said.split(": "))
        assert seen.html.count('class="alarming"') == len(IncidentKind) + len(OWN_INCIDENTS)


@pytest.mark.parametrize(
    "details", [{}, {"seconds": "x"}, {"changed": None}, {"kind": 3}, {"counts": None, "reason": 5}]
)
async def test_an_entry_that_says_little_breaks_nothing(desk: TestDesk, details: Mapping[str, object]) -> None:
    for action in Action:
        await write(desk, action, details, post_id=None)
    async with visiting(desk) as marie:
        assert (await marie.see("/journal?operator=paul")).status == 200


async def test_filters_of_the_journal(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    desk.room.clock.advance(timedelta(days=1).total_seconds())
    other = await desk.issue()
    async with visiting(desk) as marie:
        one = await marie.see(f"/journal?session={session['id']}")
        assert "The session began at Post 1" in one.text
        assert other["id"] not in one.html
        assert "One session" in one.text
        assert "began" not in (await marie.see("/journal?action=code_issued")).text.partition("What happened")[2]
        today = desk.room.clock.now().date().isoformat()
        assert session["id"] not in (await marie.see(f"/journal?since={today}")).html
        assert session["id"] in (await marie.see("/journal?until=2026-11-23")).html
        assert other["id"] not in (await marie.see("/journal?until=2026-11-23")).html
        assert "makes no sense" in (await marie.see("/journal?since=yesterday")).text


async def test_the_newest_is_first_and_the_file_has_the_same_filters(desk: TestDesk) -> None:
    for seconds in (60, 120):
        await write(desk, Action.TIME_ADDED, {"seconds": seconds})
        desk.room.clock.advance(1)
    async with visiting(desk, Role.VIEWER) as vera:
        seen = await vera.see("/journal?operator=paul")
        assert seen.text.index("2 min were added") < seen.text.index("1 min were added")
        assert 'href="/journal.csv?operator=paul"' in seen.html
        assert (await vera.see("/journal.csv?operator=paul")).html.count("time_added") == 2
        assert "time_added" not in (await vera.see("/journal.csv?operator=nobody")).html
        assert (await vera.see("/journal.csv?session=x")).status == 422


async def test_details_are_shown_as_text(desk: TestDesk) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    for action, kind in ((Action.INCIDENT, "tamper"), (Action.MAINTENANCE_ON, "x"), (Action.ERROR, nasty)):
        details = {"kind": kind, "detail": nasty, "reason": nasty, "where": nasty, "name": nasty, "change": nasty}
        await write(desk, action, details, post_id=None)
    for action in (Action.LEASE_RELEASED, Action.OPERATOR_CHANGED, Action.SETTINGS_CHANGED, Action.CODE_REFUSED):
        await write(desk, action, {"reason": nasty, "name": nasty, "change": nasty, "changed": [nasty]})
    async with visiting(desk) as marie:
        seen = await marie.see("/journal?operator=paul")
        assert "<img" not in seen.html
        assert seen.html.count("&lt;img") >= 7
