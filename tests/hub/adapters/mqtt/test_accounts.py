from __future__ import annotations

import pytest
from aiomqtt import Client, MqttError, Will

from hub.adapters.mqtt.accounts import Account, AccountKind, hash_password
from hub.wire.messages import Deny, Event, HubReport, Lease, PostReport, Redeem, Summary, Sync
from hub.wire.topics import topic
from tests.support.mosquitto import Room, account, next_message, publish, subscribed, until_lets_in

SALT = bytes(range(12))


def test_a_hash_is_what_mosquitto_writes() -> None:
    prefix, kind, rounds, salt, digest = hash_password("secret", salt=SALT).split("$")
    assert (prefix, kind, rounds, salt, len(digest)) == ("", "7", "101", "AAECAwQFBgcICQoL", 88)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="11 bytes"):
        hash_password("secret", salt=SALT[:11])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hub", AccountKind.POST),
        ("p 1", AccountKind.POST),
        ("p1\nuser hub", AccountKind.POST),
        ("p01", AccountKind.HUB),
        ("monitor", AccountKind.HUB),
        ("p01", AccountKind.MONITOR),
        ("monitor.", AccountKind.MONITOR),
        ("monitor.a b", AccountKind.MONITOR),
    ],
)
def test_a_name_that_does_not_fit_its_kind_is_refused(name: str, kind: AccountKind) -> None:
    with pytest.raises(ValueError, match="account's name"):
        Account(name, "$7$101$aa$bb", kind)


@pytest.mark.parametrize("text", ["swordfish", "$7$a\nhub:$7$b", ""])
def test_what_is_no_hash_is_refused_without_being_told(text: str) -> None:
    with pytest.raises(ValueError, match="not a password hash") as caught:
        Account("p01", text, AccountKind.POST)
    assert not text or text not in str(caught.value)


def test_an_account_does_not_print_its_hash() -> None:
    assert "$7$" not in repr(account("p01"))


async def test_the_right_password_opens_and_a_wrong_one_does_not(two_posts: Room) -> None:
    two_posts.apply(account("p03", "pàss word:$7$%"))
    await two_posts.broker.stop()
    await two_posts.broker.start()
    async with two_posts.client("p03", password="pàss word:$7$%"):
        pass
    for username, password in [("p03", "pass word"), ("p03", ""), ("nobody", "x")]:
        with pytest.raises(MqttError):
            async with two_posts.client(username, password=password):
                pass


async def assert_reads(room: Room, reader: Client, writer: Client, forbidden: list[str], allowed: list[str]) -> None:
    """All topics are written by one who may, in this order: the reader must only see the allowed ones."""
    async with subscribed(reader, "#"), writer:
        for each in [*forbidden, *allowed]:
            await publish(writer, each, [b"{}"])
        seen = {(await next_message(reader)).topic.value for _ in allowed}
    assert seen == set(allowed)


async def test_a_post_reads_its_own_answers_and_no_others(two_posts: Room) -> None:
    await assert_reads(
        two_posts,
        two_posts.client("p01"),
        two_posts.client("hub"),
        [topic(Sync, "p02"), topic(Lease, "p02"), topic(Event), topic(Summary)],
        [topic(HubReport), topic(Lease, "p01"), topic(Deny, "p01")],
    )


async def test_a_monitor_never_sees_a_code(two_posts: Room) -> None:
    await assert_reads(
        two_posts,
        two_posts.client("monitor"),
        two_posts.client("p01"),
        [topic(Redeem, "p01")],
        [topic(PostReport, "p01")],
    )


async def test_a_monitor_reads_the_public_part_and_no_leases(two_posts: Room) -> None:
    await assert_reads(
        two_posts,
        two_posts.client("monitor"),
        two_posts.client("hub"),
        [topic(Lease, "p01"), topic(Sync, "p01")],
        [topic(HubReport), topic(Event), topic(Summary)],
    )


@pytest.mark.parametrize("who", ["p01", "monitor"])
async def test_who_is_not_the_hub_cannot_speak_for_it(two_posts: Room, who: str) -> None:
    forbidden = [topic(HubReport), topic(Lease, "p01"), topic(Lease, "p02"), topic(Event), topic(Summary)]
    async with subscribed(two_posts.client("monitor", identifier="watch"), "#") as watch:
        async with two_posts.client(who) as liar, two_posts.client("p02") as witness:
            await witness.subscribe("#", qos=1)
            for each in [*forbidden, topic(PostReport, "p02"), topic(Redeem, "p02")]:
                await publish(liar, each, [b"{}"], retain=True)
            await publish(witness, topic(PostReport, "p02"), [b"marker"], retain=True)
        assert (await next_message(watch)).payload == b"marker"
    async with subscribed(two_posts.client("hub"), "#") as hub:
        async with two_posts.client("p01") as witness:
            await publish(witness, topic(Redeem, "p01"), [b"marker"])
        seen = [await next_message(hub), await next_message(hub)]
        assert {message.payload for message in seen} == {b"marker"}, "nothing forged is retained"


async def test_nobody_takes_anothers_client_id_on_the_posts_listener(two_posts: Room) -> None:
    will = Will(topic(PostReport, "p01"), b"gone", qos=1)
    async with (
        subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch,
        subscribed(two_posts.client("p01", identifier="p01", will=will), topic(Deny, "p01")) as victim,
    ):
        async with two_posts.client("p02", identifier="p01") as thief:
            await publish(thief, topic(PostReport, "p02"), [b"here"])
        await publish(victim, topic(PostReport, "p01"), [b"still here"])
        assert (await next_message(watch)).payload == b"still here"


async def test_a_post_is_not_let_in_on_the_hubs_listener_nor_the_hub_on_the_posts(two_posts: Room) -> None:
    for who, port in [("p01", two_posts.broker.hub_address[1]), ("hub", two_posts.broker.posts_address[1])]:
        with pytest.raises(MqttError):
            async with two_posts.client(who, port=port):
                pass


async def test_a_new_account_works_while_others_stay(two_posts: Room) -> None:
    async with subscribed(two_posts.client("p01"), topic(Deny, "p01")) as p01, two_posts.client("hub") as hub:
        two_posts.add("p03")
        await until_lets_in(two_posts, "p03", "p03-password")
        await publish(hub, topic(Deny, "p01"), [b"still there"])
        assert (await next_message(p01)).payload == b"still there"


async def test_a_rotated_password_ends_the_old_one_and_its_connection(two_posts: Room) -> None:
    async with subscribed(two_posts.client("p02"), topic(Deny, "p02")) as p02, two_posts.client("hub") as hub:
        async with two_posts.client("p01") as old:
            two_posts.apply(account("p01", "another"))
            with pytest.raises(MqttError):
                await next_message(old)
        with pytest.raises(MqttError):
            async with two_posts.client("p01"):
                pass
        await until_lets_in(two_posts, "p01", "another")
        await publish(hub, topic(Deny, "p02"), [b"still there"])
        assert (await next_message(p02)).payload == b"still there"


async def test_a_removed_account_is_shut_out(two_posts: Room) -> None:
    async with two_posts.client("p01") as gone:
        two_posts.broker.apply(each for each in two_posts.accounts.values() if each.username != "p01")
        with pytest.raises(MqttError):
            await next_message(gone)
    with pytest.raises(MqttError):
        async with two_posts.client("p01"):
            pass
