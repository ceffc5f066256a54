"""The desk's side of the hub: the REST API, the live WebSocket and the panel."""
