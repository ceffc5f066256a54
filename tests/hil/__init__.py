"""The node, unchanged, on real kernel drivers in a virtual machine."""
