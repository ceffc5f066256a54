"""The contract between hub and nodes: terms, messages, topics and their bytes. Standard library only."""
