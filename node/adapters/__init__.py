"""The node's ways to the world: one file a port, strangers to each other; `sim` holds the virtual ones."""
