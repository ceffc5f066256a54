"""docs/api.md tells the truth: each of its blocks is run, in order, by a client that is not ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.adapters.web.served import Served, served
from tests.support.databases import Place

PAGE = Path(__file__).resolve().parents[4] / "docs" / "api.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
PATIENCE_S = 60


@pytest.fixture
def hub(place: Place) -> Iterator[Served]:
    with served(place) as made:
        made.do(made.desk.room.node("p01"))
        yield made


def test_every_block_of_the_page_works(hub: Served, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is missing: apt install curl"
    assert len(BLOCKS) > 8
    script = "set -euo pipefail\n" + "\n".join(f"{block}\necho\necho '--- {at}'" for at, block in enumerate(BLOCKS))
    folder = tmp_path / "work"
    folder.mkdir()
    environ = {"PATH": os.environ["PATH"], "HUB": hub.url}
    done = subprocess.run(
        ["bash", "-c", script], env=environ, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = re.split(r"\n--- \d+\n", done.stdout)
    assert answers[2].count('"code":"') == 20
    assert '"added_s":900' in answers[3]
    assert '"status":"ended"' in answers[3]
    assert '"total":20' in answers[4]
    assert '"id":"p01"' in answers[5]
    assert "action" in answers[7]
    assert {file.name for file in folder.iterdir()} == {"session.json", "journal.csv"}
