"""What Home Assistant is told of posts and hub, so that it finds them by itself (its MQTT device discovery).

One retained message a device at `homeassistant/device/…/config`. The states are read from the topics that any monitor
reads; nothing there can be switched, and nothing says who is at a post.
"""

from __future__ import annotations

import json
from typing import Any

from hub.domain.post import Post
from hub.wire.messages import HubReport, PostReport, Summary
from hub.wire.terms import Phase, PostStatus, SessionStatus
from hub.wire.topics import topic

ROOT = "homeassistant/device"
FILTER = "homeassistant/#"
_COUNTED = (SessionStatus.PENDING, SessionStatus.ACTIVE, SessionStatus.SUSPENDED)


def post_device(post: Post, version: str) -> tuple[str, bytes]:
    """A post as a device: the topic to publish it at, retained, and its description."""
    name, state = f"poste-{post.id}", topic(PostReport, post.id)
    there = {"availability_topic": state, "availability_template": _when("value_json.online", "online", "offline")}
    parts = {
        "online": _yes_no("Online", "value_json.online", device_class="connectivity"),
        "occupied": _yes_no("Occupied", "value_json.lease_id", device_class="occupancy") | there,
        "problem": _yes_no("Problem", "value_json.faults", device_class="problem") | there,
        "phase": there
        | {
            "platform": "sensor",
            "name": "Phase",
            "device_class": "enum",
            "options": [phase.value for phase in Phase],
            "value_template": "{{ value_json.phase }}",
        },
        "remaining": there
        | {
            "platform": "sensor",
            "name": "Time left",
            "device_class": "duration",
            "unit_of_measurement": "s",
            "value_template": "{{ value_json.remaining_s | default(0, true) }}",
        },
    }
    device = {"name": post.name, "model": "Post", "via_device": "poste-hub"}
    if post.zone:
        device["suggested_area"] = post.zone
    if post.client_version:
        device["sw_version"] = post.client_version
    return _topic(name), _described(name, device, parts, state, version)


def hub_device(version: str) -> tuple[str, bytes]:
    """The hub as a device, with the room's counts."""
    name, state = "poste-hub", topic(HubReport)
    counts = [("posts", status.value) for status in PostStatus] + [("sessions", status.value) for status in _COUNTED]
    parts = {"online": _yes_no("Online", "value_json.online", device_class="connectivity")} | {
        f"{kind}_{status}": {
            "platform": "sensor",
            "name": f"{kind.capitalize()} {status}",
            "state_class": "measurement",
            "state_topic": topic(Summary),
            "value_template": f"{{{{ value_json.{kind}.{status} | default(0) }}}}",
        }
        for kind, status in counts
    }
    return _topic(name), _described(name, {"name": "Poste Public", "sw_version": version}, parts, state, version)


def _topic(name: str) -> str:
    return f"{ROOT}/{name}/config"


def _yes_no(name: str, value: str, *, device_class: str) -> dict[str, Any]:
    return {
        "platform": "binary_sensor",
        "name": name,
        "device_class": device_class,
        "value_template": _when(value, "ON", "OFF"),
    }


def _when(value: str, yes: str, no: str) -> str:
    return f"{{{{ '{yes}' if {value} else '{no}' }}}}"


def _described(
    name: str, device: dict[str, str], parts: dict[str, dict[str, Any]], state_topic: str, version: str
) -> bytes:
    config = {
        "device": device | {"identifiers": [name], "manufacturer": "Poste Public"},
        "origin": {"name": "poste-hub", "sw_version": version},
        "state_topic": state_topic,
        "qos": 1,
        "components": {part: about | {"unique_id": f"{name}-{part}"} for part, about in parts.items()},
    }
    return json.dumps(config, ensure_ascii=False, separators=(",", ":")).encode()
