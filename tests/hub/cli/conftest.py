from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.hub.cli.terminal import Terminal


@pytest.fixture
def terminal(
    empty_house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal with an empty house, and no setting in its environment."""
    shutil.copytree(empty_house, tmp_path / "data")
    for name in [name for name in os.environ if name.startswith("POSTE_HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path, monkeypatch, capsys)
