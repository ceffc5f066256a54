"""A link that loses, repeats, delays and reorders; every message crosses it as the bytes of the real codec."""

from __future__ import annotations

from dataclasses import dataclass

from hub.wire.codec import decode, encode
from hub.wire.messages import Message, PostReport, Redeem
from hub.wire.topics import parse, topic

MOST = 60


@dataclass(frozen=True)
class Packet:
    """One publication on its way: `down` to the post of its topic, else up to the hub."""

    topic: str
    payload: bytes
    down: bool

    @property
    def post_id(self) -> str:
        address = parse(self.topic)
        assert address is not None
        assert address.post_id is not None
        return address.post_id

    def message(self) -> Message:
        """What the receiver reads."""
        address = parse(self.topic)
        assert address is not None
        return decode(address.kind, self.payload)


class Network:
    """A bag of packets. `codes` are the secrets that only an up/redeem may carry (I7)."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.codes: list[str] = []

    def put(self, post_id: str, message: Message, *, down: bool) -> None:
        """Something is published; the oldest packet is lost when there are too many."""
        payload = encode(message)
        if not isinstance(message, Redeem):
            assert not any(code.encode() in payload for code in self.codes), f"I7: a code in {type(message).__name__}"
        if isinstance(message, PostReport):
            self.packets = [one for one in self.packets if one.post_id != post_id or not one.topic.endswith("/status")]
        self.packets.append(Packet(topic(type(message), post_id), payload, down))
        del self.packets[:-MOST]

    def take(self, index: int) -> Packet:
        """Take one packet out of the bag."""
        return self.packets.pop(index % len(self.packets))
