"""Stand-ins for clock, link, mint, feed and hardware; each passes the same suite as the real adapter."""
