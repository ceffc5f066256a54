"""The panel's scripts, joined into one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hub.adapters.web.pages.assets import ENTRIES, STATIC, joined, load_assets


def write(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source)
    return folder


def test_what_is_imported_comes_first_and_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        main='import { two } from "./b.js";\nimport { one } from "./a.js";\ntwo(one);\n',
        b='import { one } from "./a.js";\nexport function two() {}\n',
        a="export const one = 1;\n",
    )
    script = joined(tmp_path, "main")
    places = [script.index(f"const module_{name} =") for name in ("a", "b", "main")]
    assert places == sorted(places)
    assert script.count("const one = 1;") == 1
    assert "return { one };" in script
    assert "const { one } = module_a;" in script


def test_a_circle_is_refused(tmp_path: Path) -> None:
    write(tmp_path, a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match="circle: a > b > a"):
        joined(tmp_path, "a")


@pytest.mark.parametrize(
    "statement",
    ["export default 1;", 'import * as all from "./b.js";', 'import "./b.js";', "export { one };", "export let one;"],
)
def test_what_is_not_understood_is_refused(statement: str, tmp_path: Path) -> None:
    write(tmp_path, a=f"{statement}\n", b="\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        joined(tmp_path, "a")


def test_every_script_is_part_of_a_page_and_the_whole_is_small() -> None:
    assets = load_assets()
    script = b"".join(assets.files[f"{name}.js"].plain for name in (*ENTRIES, "plots"))
    for path in (STATIC / "js").glob("*.js"):
        assert f"const module_{path.stem} =".encode() in script
    plots = [assets.files[name] for name in ("plots.js", "plots.css")]
    board = [asset for asset in assets.files.values() if asset not in plots]
    assert sum(len(asset.packed) for asset in board) < 60_000
    assert sum(len(asset.packed) for asset in plots) < 30_000
    assert all(gzip.decompress(asset.packed) == asset.plain for asset in assets.files.values())


def test_scripts_are_files_that_one_can_read() -> None:
    for path in (STATIC / "js").glob("*.js"):
        lines = path.read_text().splitlines()
        assert len(lines) < 200, path.name
        assert max(map(len, lines)) <= 120, path.name


def test_texts_from_people_cannot_become_markup() -> None:
    for path in (STATIC / "js").glob("*.js"):
        source = path.read_text()
        assert not [way for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write") if way in source]


def test_a_page_carries_every_drawing_and_a_tab_shows_one() -> None:
    assets = load_assets()
    icons = (STATIC / "icons.svg").read_text()
    assert assets.drawings.count("<symbol") == icons.count("<symbol") > 30
    sign = assets.files["icon.svg"].plain.decode()
    assert sign.count("<symbol") == 1
    assert '<use href="#i-mark"/>' in sign


def test_a_file_has_a_new_address_when_it_changes() -> None:
    assets = load_assets()
    assert assets.url("panel.js") == f"/static/panel.js?v={assets.version}"
    with pytest.raises(KeyError):
        assets.url("nothing.js")
