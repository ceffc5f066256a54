"""How fast, how heavy, how many: each figure beside the bare thing that limits it, measured in the same run."""
