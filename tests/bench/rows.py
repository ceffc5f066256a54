"""Every row, in the order of the table."""

from __future__ import annotations

from tests.bench import node_cut, node_keys, node_process
from tests.bench.run import Row

ROWS = (
    Row("node-keys", "key press to changed frame", node_keys.key_to_frame),
    Row("node-cut", "lateness of the cut", node_cut.lateness),
    Row("node-cost", "memory, processor and card while a stay counts", node_process.cost),
    Row("node-start", "start to ready", node_process.start),
)
