"""The composition root: the only place that wires adapters to the shell, real ones or simulated ones."""

from node.main.check import check
from node.main.parts import NodeError
from node.main.run import run_real, run_simulated

__all__ = ["NodeError", "check", "run_real", "run_simulated"]
