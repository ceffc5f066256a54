from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hub.main.demo.memory import MEMORY_FILE, Memory, load_memory, save_memory


def test_the_first_start_remembers_nothing(tmp_path: Path) -> None:
    assert load_memory(tmp_path) == Memory()


def test_what_was_saved_is_found_again_and_is_the_owners_alone(tmp_path: Path) -> None:
    (tmp_path / f".{MEMORY_FILE}.new").touch(0o644)  # of a start that was cut short
    memory = Memory(
        password="secret", token="word", post_passwords={"p01": "x"}, ports={"panel": 8400}, pids={"hub": 7}
    )
    save_memory(tmp_path, memory)
    assert load_memory(tmp_path) == memory
    assert stat.S_IMODE((tmp_path / MEMORY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [MEMORY_FILE]
    assert "secret" not in repr(memory)
    assert "word" not in repr(memory).replace("password", "")


@pytest.mark.parametrize("text", ["", "[]", "[1]", "{", '{"colour": "red"}', "\udcff"])
def test_a_damaged_file_is_told_with_the_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / MEMORY_FILE).write_text(text, errors="surrogateescape")
    with pytest.raises(ValueError, match=rf"demo\.json is damaged: remove {tmp_path} to begin with an empty room"):
        load_memory(tmp_path)
