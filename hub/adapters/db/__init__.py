"""The database: rows, their migrations, the store for commands and the read models for lists."""
