"""The node: the program on the Raspberry Pi beside a post. It obeys leases, cuts the power, and reports."""
