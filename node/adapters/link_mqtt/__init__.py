"""The node's link to the hub over MQTT 5."""

from node.adapters.link_mqtt.link import LinkEvent, LinkMqtt

__all__ = ["LinkEvent", "LinkMqtt"]
