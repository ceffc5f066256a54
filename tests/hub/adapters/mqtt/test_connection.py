"""One connection to the broker, and what it receives."""

from __future__ import annotations

from aiomqtt import Message

from hub.adapters.mqtt.connection import Inlet


def message(number: int) -> Message:
    return Message("poste/v1/events", b"", 1, retain=False, mid=number, properties=None)


def test_what_came_before_there_is_somebody_to_take_it_is_given_on_first() -> None:
    inlet, taken = Inlet(), list[int]()
    inlet.put_nowait(message(1))
    inlet.put_nowait(message(2))
    assert inlet.qsize() == 2
    inlet.open(lambda one: taken.append(one.mid))
    inlet.put_nowait(message(3))
    assert taken == [1, 2, 3]
    assert inlet.empty()
