"""The hub: decides who may have which post for how long, and serves the desk.

Importing this loads nothing else, so that a node can have ``hub.wire`` alone.
"""
