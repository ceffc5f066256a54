"""The protocol's invariants, searched for a counter-example on the real hub and the real node core."""
