"""Every screen that a post can show, made by the node's own view from posts in each state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.wire.messages import PostSettings, Redeem
from hub.wire.terms import DenyReason, HubLink, Language, SettleReason
from node.core.events import Moment
from node.core.ledger import OpenLease, Record, StaffGrant
from node.core.post import Identity, Post, picture
from node.core.screen import Picture
from node.core.state import JOURNAL_FAULT, DeskNotice, Flash, Link, Say, Wait
from node.core.tables import DialogueState, PowerState
from node.core.view import self_test

NOW = 1_000_000_000
"""The ms at which all pictures are taken."""
_ID = "00000000-0000-0000-0000-000000000001"
_IDLE = {
    Language.FR: "Médiathèque des Lilas. Codes à l’accueil.",
    Language.EN: "Lilac Street Library. Codes at the desk.",
}
_NOTICE = {Language.FR: "La médiathèque ferme dans dix minutes.", Language.EN: "The library closes in ten minutes."}
_PLACE = {Language.FR: "Poste 4", Language.EN: "Post 4"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen in one language. `name`: a word or two with hyphens, the same in every language."""

    name: str
    language: Language
    picture: Picture


def shots(language: Language) -> list[Shot]:
    """Every screen in a language, in the order in which a patron may meet them."""
    posts = {**_states(language), **_flashes(language)}
    found = [Shot(name, language, picture(post, Moment(NOW, _ID))) for name, post in posts.items()]
    return [*found, Shot("self-test", language, self_test(language))]


def _post(language: Language) -> Post:
    settings = PostSettings(language=language, idle_text=_IDLE[language])
    link = Link(HubLink.OK, hub_epoch=_ID, greeted=True)
    return Post(Identity(_ID, "0", language), Record(_ID, settings=settings), NOW, link=link, synced=True)


def _staying(post: Post, left_s: int, total_s: int = 3600) -> Post:
    lease = OpenLease(_ID, rev=1, total_s=total_s, debited_s=total_s - left_s)
    record = replace(post.record, lease=lease)
    return replace(post, record=record, power=PowerState.RUNNING, paid_until_ms=NOW)


def _states(language: Language) -> Mapping[str, Post]:
    post = _post(language)
    running = _staying(post, 1425)
    waiting = replace(post, dialogue=DialogueState.CHECKING, wait=Wait(Redeem(_ID, _ID, code="K7M2QX"), NOW, NOW))
    typing = replace(post, dialogue=DialogueState.ENTERING)
    over = _staying(post, 0)
    return {
        "boot": _saying(post, Say.STARTING),
        "idle": post,
        "typing": replace(typing, entry="K7M"),
        "typing-one-missing": replace(typing, entry="K7M2Q"),
        "typing-complete": replace(typing, entry="K7M2QX"),
        "checking": waiting,
        "running": running,
        "running-hours": _staying(post, 8025, 9000),
        "running-day": _staying(post, 86_400, 86_400),
        "warning": replace(_staying(post, 300), blink_until_ms=NOW + 1),
        "grace": replace(over, power=PowerState.GRACE, grace_until_ms=NOW + 45_000),
        "spent": replace(over, power=PowerState.SPENT, dialogue=DialogueState.CHECKING, wait=waiting.wait),
        "locked-out": replace(post, dialogue=DialogueState.LOCKED_OUT, locked_until_ms=NOW + 94_000),
        "maintenance": replace(post, record=replace(post.record, grant=StaffGrant(_ID, 3600))),
        "no-hub": replace(post, link=Link()),
        "notice": replace(post, notice=DeskNotice(_NOTICE[language], NOW, NOW + 1)),
        "notice-running": replace(running, notice=DeskNotice(_NOTICE[language], NOW, NOW + 1)),
        "here": replace(post, identify_until_ms=NOW + 1),
        "here-running": replace(running, identify_until_ms=NOW + 1),
        "fault": replace(post, faults=(JOURNAL_FAULT,)),
    }


def _flashes(language: Language) -> Mapping[str, Post]:
    post = _post(language)
    running = _staying(post, 1425)
    found = {f"says-{say.value.replace('_', '-')}": _saying(running, say) for say in Say if say is not Say.STARTING}
    found |= {
        f"refused-{reason.value.replace('_', '-')}": _saying(post, reason, _PLACE[language])
        for reason in DenyReason
        if reason is not DenyReason.LOCKED_OUT
    }
    return found | {f"over-{reason.value.replace('_', '-')}": _saying(post, reason) for reason in SettleReason}


def _saying(post: Post, what: Say | DenyReason | SettleReason, detail: str = "") -> Post:
    return replace(post, flash=Flash(what, NOW + 1, detail, seconds=900))
