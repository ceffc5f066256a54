"""docs/wiring and the table of profiles are what the profiles say, and one command makes them so."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.make_wiring import BEGIN, END, FOLDER, drawings, main, redone, table
from firmware_config.profiles import known_profiles


def test_the_drawings_and_the_table_are_fresh() -> None:
    assert main(["--check"]) == 0


def test_every_profile_has_its_row_and_two_drawings() -> None:
    assert len(table().splitlines()) == 2 + len(known_profiles())
    assert set(drawings()) == {f"{name}.{language}.svg" for name in known_profiles() for language in ("en", "fr")}


def test_the_page_shows_only_drawings_that_exist() -> None:
    page = (FOLDER / "hardware.md").read_text(encoding="utf-8")
    shown = {part.split(")")[0] for part in page.split("](wiring/")[1:]}
    assert shown == set(drawings())


def test_what_is_stale_missing_or_left_over_is_found_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hardware.md").write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n", encoding="utf-8")
    (tmp_path / "wiring").mkdir()
    (tmp_path / "wiring" / "gone.en.svg").write_text("<svg/>", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["--check"], tmp_path)
    assert end.value.code == 1
    told = capsys.readouterr().err
    assert "hardware.md" in told
    assert "gone.en.svg" in told
    assert "run: python -m docs.make_wiring" in told
    assert main([], tmp_path) == 0
    assert (tmp_path / "hardware.md").read_text(encoding="utf-8") == f"above\n{BEGIN}\n{table()}\n{END}\nbelow\n"
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "wiring").iterdir()} == drawings()
    assert main(["--check"], tmp_path) == 0


@pytest.mark.parametrize("page", ["", f"{BEGIN}\n", f"{END}\n"])
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="the page needs the lines"):
        redone(page)
