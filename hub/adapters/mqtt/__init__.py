"""The hub's side of MQTT: the link that carries messages, and the Mosquitto that the hub runs itself."""
