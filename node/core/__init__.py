"""What a post does, as pure functions of its state, one event and the time."""
