"""What was done to the schema, in order. `tortoise makemigrations` writes a new file after a change of models.py.

SQLite recreates a table for most changes and then loses indexes that only SQL knows: such a migration makes them again.
"""
