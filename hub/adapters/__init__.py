"""How the hub touches the world: database, broker, web, clock. Strangers to each other."""
