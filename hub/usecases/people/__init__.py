"""Patrons whom the house knows: their records, what they may use, and how they are forgotten."""
