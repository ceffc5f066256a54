"""``.ci/quietly``: one line for a long step, its noise only when it fails, and Ctrl-C when it does no harm."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

QUIETLY = Path(__file__).resolve().parents[2] / ".ci" / "quietly"


def quietly(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(QUIETLY), *words], capture_output=True, text=True, timeout=60, check=False)


def interrupted(folder: Path, *words: str) -> int:
    """Its exit status when Ctrl-C comes, to it and to its command alike, while the command waits on a pipe."""
    asks, answers = folder / "asks", folder / "answers"
    for pipe in (asks, answers):
        os.mkfifo(pipe)
    script = f'echo started >"{asks}"; read go <"{answers}"; touch "{folder}/finished"'
    process = subprocess.Popen(
        [str(QUIETLY), *words, "sh", "-c", script], stderr=subprocess.DEVNULL, start_new_session=True
    )
    asks.read_text(encoding="utf-8")
    os.killpg(process.pid, signal.SIGINT)
    if "--finish" in words:
        answers.write_text("go\n", encoding="utf-8")
    return process.wait(timeout=60)


def test_a_step_that_succeeds_says_its_name_only() -> None:
    done = quietly("pouring tea", "sh", "-c", "echo noise; echo more >&2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "pouring tea\n")


def test_a_step_that_fails_shows_what_it_said_and_passes_its_status_on() -> None:
    done = quietly("pouring tea", "sh", "-c", "echo the pot; echo is empty >&2; exit 3")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "pouring tea\nthe pot\nis empty\n")


def test_ctrl_c_cuts_a_step_short(tmp_path: Path) -> None:
    assert interrupted(tmp_path, "fetching") == 130
    assert not (tmp_path / "finished").exists()


def test_ctrl_c_waits_for_a_step_that_must_finish(tmp_path: Path) -> None:
    assert interrupted(tmp_path, "--finish", "unpacking") == 130
    assert (tmp_path / "finished").exists()
