"""Topics: which message lives where, who keeps it, and how to read a topic back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hub.wire.messages import (
    Deny,
    Event,
    Findings,
    Hello,
    HubReport,
    Identify,
    Incident,
    Lease,
    Message,
    Notice,
    PostReport,
    Redeem,
    SelfTest,
    Settle,
    Settled,
    Start,
    Summary,
    Sync,
)
from hub.wire.terms import POST_ID_PATTERN, RESERVED_POST_IDS

ROOT = "poste/v1"


@dataclass(frozen=True, slots=True)
class Channel:
    """Where one kind of message is published: the topic below the root (`{id}`: the post's), and whether it stays."""

    path: str
    retained: bool = False


CHANNELS: dict[type[Message], Channel] = {
    HubReport: Channel("hub/status", retained=True),
    PostReport: Channel("posts/{id}/status", retained=True),
    Hello: Channel("posts/{id}/up/hello"),
    Redeem: Channel("posts/{id}/up/redeem"),
    Settle: Channel("posts/{id}/up/settle"),
    Incident: Channel("posts/{id}/up/incident"),
    Findings: Channel("posts/{id}/up/findings"),
    Sync: Channel("posts/{id}/down/sync"),
    Lease: Channel("posts/{id}/down/lease"),
    Deny: Channel("posts/{id}/down/deny"),
    Settled: Channel("posts/{id}/down/settled"),
    Start: Channel("posts/{id}/down/start"),
    Notice: Channel("posts/{id}/down/notice"),
    Identify: Channel("posts/{id}/down/identify"),
    SelfTest: Channel("posts/{id}/down/self-test"),
    Event: Channel("events"),
    Summary: Channel("summary", retained=True),
}


@dataclass(frozen=True, slots=True)
class Address:
    """A topic understood: the kind of message it carries and, below `posts/`, whose it is."""

    kind: type[Message]
    post_id: str | None


def is_post_id(text: str) -> bool:
    """Whether `text` can name a post: a slug that is not one of the broker's own accounts."""
    return bool(re.fullmatch(POST_ID_PATTERN, text)) and text not in RESERVED_POST_IDS


def topic(kind: type[Message], post_id: str | None = None) -> str:
    """The topic of a kind of message; ValueError when a post's id is missing, needless or no slug."""
    path = CHANNELS[kind].path
    needs_id = "{id}" in path
    if needs_id != (post_id is not None):
        raise ValueError(f"{path} {'needs' if needs_id else 'takes no'} post id")
    if post_id is not None and not is_post_id(post_id):
        raise ValueError(f"not a post id: {post_id!r}")
    return f"{ROOT}/{path.replace('{id}', post_id or '')}"


def pattern(kind: type[Message]) -> str:
    """The MQTT filter for a kind of message at every post."""
    return f"{ROOT}/{CHANNELS[kind].path.replace('{id}', '+')}"


_READERS = [
    (re.compile(re.escape(f"{ROOT}/{channel.path}").replace(r"\{id\}", f"(?P<id>{POST_ID_PATTERN})")), kind)
    for kind, channel in CHANNELS.items()
]


@lru_cache(maxsize=8192)
def parse(text: str) -> Address | None:
    """Read a topic back; None when it is not one of ours."""
    for reader, kind in _READERS:
        found = reader.fullmatch(text)
        if found:
            post_id = found.groupdict().get("id")
            return None if post_id in RESERVED_POST_IDS else Address(kind, post_id)
    return None
