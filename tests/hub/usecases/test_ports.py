"""What a port may be asked for."""

from __future__ import annotations

import pytest

from hub.domain.house import House
from hub.domain.records import Learning
from hub.usecases.ports import Changes


def test_changes_are_of_different_kinds() -> None:
    assert len(Changes(saved=(House(), Learning())).saved) == 2
    with pytest.raises(ValueError, match="two records of one kind"):
        Changes(added=(House(),), saved=(House(),))
