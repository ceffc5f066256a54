"""What the hub can do, one verb a file. Each is one transaction; what it tells others it tells after the commit."""
