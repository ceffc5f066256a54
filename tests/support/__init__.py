"""What tests start and share that is no stand-in: real services on free ports."""
