"""Topics: built, read back, and nothing but ours understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from hub.wire.topics import CHANNELS, Address, is_post_id, parse, pattern, topic

TOPICS: dict[type[Message], str] = {
    HubReport: "poste/v1/hub/status",
    PostReport: "poste/v1/posts/p01/status",
    Hello: "poste/v1/posts/p01/up/hello",
    Redeem: "poste/v1/posts/p01/up/redeem",
    Settle: "poste/v1/posts/p01/up/settle",
    Incident: "poste/v1/posts/p01/up/incident",
    Findings: "poste/v1/posts/p01/up/findings",
    Sync: "poste/v1/posts/p01/down/sync",
    Lease: "poste/v1/posts/p01/down/lease",
    Deny: "poste/v1/posts/p01/down/deny",
    Settled: "poste/v1/posts/p01/down/settled",
    Start: "poste/v1/posts/p01/down/start",
    Notice: "poste/v1/posts/p01/down/notice",
    Identify: "poste/v1/posts/p01/down/identify",
    SelfTest: "poste/v1/posts/p01/down/self-test",
    Event: "poste/v1/events",
    Summary: "poste/v1/summary",
}


@pytest.mark.parametrize(("kind", "text"), TOPICS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_topic_is_built_and_read_back(kind: type[Message], text: str) -> None:
    post_id = "p01" if "/p01/" in text else None
    assert topic(kind, post_id) == text
    assert parse(text) == Address(kind, post_id)
    assert pattern(kind) == text.replace("p01", "+")


def test_only_the_three_states_are_retained() -> None:
    assert {kind for kind, channel in CHANNELS.items() if channel.retained} == {HubReport, PostReport, Summary}


@pytest.mark.parametrize("kind", TOPICS)
def test_a_post_id_must_be_given_exactly_where_the_topic_has_one(kind: type[Message]) -> None:
    wrong = None if "/p01/" in TOPICS[kind] else "p01"
    with pytest.raises(ValueError, match="post id"):
        topic(kind, wrong)


@pytest.mark.parametrize("post_id", ["", "hub", "monitor", "P01", "-p", "a/b", "+", "#", "p01\n", "a" * 32, "é"])
def test_what_cannot_name_a_post_builds_no_topic(post_id: str) -> None:
    assert not is_post_id(post_id)
    with pytest.raises(ValueError, match="not a post id"):
        topic(Redeem, post_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "poste/v1",
        "poste/v2/hub/status",
        "poste/v1/hub/status/",
        "/poste/v1/hub/status",
        "xposte/v1/hub/status",
        "poste/v1/hub/statusx",
        "poste/v1/posts/p01/up/redeem/more",
        "poste/v1/posts/p01/up/lease",
        "poste/v1/posts/p01/down/redeem",
        "poste/v1/posts//up/redeem",
        "poste/v1/posts/+/status",
        "poste/v1/posts/hub/status",
        "poste/v1/posts/monitor/up/redeem",
        "poste/v1/posts/P01/status",
        "poste/v1/posts/p01/status\n",
        "poste/v1/posts/{id}/status",
        "poste/v1/posts/a/b/status",
        "homeassistant/status",
    ],
)
def test_foreign_topics_are_not_understood(text: str) -> None:
    assert parse(text) is None


@given(st.sampled_from(list(TOPICS)), st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,30}\Z"))
def test_every_post_gets_its_own_topics_back(kind: type[Message], post_id: str) -> None:
    if not is_post_id(post_id) or "/p01/" not in TOPICS[kind]:
        return
    assert parse(topic(kind, post_id)) == Address(kind, post_id)


@given(st.text())
def test_any_text_is_read_or_refused_without_ado(text: str) -> None:
    assert parse(text) is None or text.startswith("poste/v1/")
