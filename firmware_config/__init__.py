"""What makes a Raspberry Pi this post: boot configuration, key-maps, hardware profiles.

Pure, and imports nothing of ours.
"""
