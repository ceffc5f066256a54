"""The doctor: what is wrong with this hub, running or not, and how to mend it; it changes nothing."""

from hub.main.checkup.checkup import check
from hub.main.checkup.finding import Finding, Level

__all__ = ["Finding", "Level", "check"]
