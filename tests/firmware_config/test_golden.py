"""Each shipped profile renders to the texts that were read and kept."""

from __future__ import annotations

import pytest

from firmware_config.profiles import known_profiles
from tests.firmware_config.golden import FOLDER, rendered


@pytest.mark.parametrize("name", known_profiles())
def test_a_profile_renders_to_its_golden_files(name: str) -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / name).iterdir()}
    assert rendered(name) == kept, "if this is meant: python -m tests.firmware_config.golden, and read the difference"


def test_no_golden_file_is_left_of_a_profile_that_is_gone() -> None:
    assert tuple(sorted(folder.name for folder in FOLDER.iterdir())) == known_profiles()
