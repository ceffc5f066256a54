"""Desk accounts: signing in and out, making operators, changing passwords."""
