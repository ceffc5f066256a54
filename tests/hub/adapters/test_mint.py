"""One suite for the mint and its fake, then what only the real one has: keys in a file."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from hub.adapters.mint import KEY_FILE, KeyedMint, KeyFileError, Keys, load_keys
from hub.domain.access_code import Alphabet, CodeFormat
from hub.usecases.ports import Mint
from tests.fakes.mint import FakeMint

MAKERS: list[Callable[[], Mint]] = [lambda: KeyedMint(Keys.fresh()), FakeMint]


@pytest.fixture(params=MAKERS, ids=["real", "fake"])
def mint(request: pytest.FixtureRequest) -> Mint:
    made: Mint = request.param()
    return made


def test_ids_are_fresh_uuids(mint: Mint) -> None:
    ids = [mint.new_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert [str(UUID(one)) for one in ids] == ids


def test_codes_have_the_format_that_is_asked_for(mint: Mint) -> None:
    for form in (CodeFormat(), CodeFormat(9, Alphabet.DIGITS)):
        codes = [mint.new_code(form) for _ in range(50)]
        assert {len(code) for code in codes} == {form.length}
        assert set("".join(codes)) <= set(form.signs)
        assert len(set(codes)) == 50


def test_a_hash_is_the_same_for_the_same_code_and_hides_it(mint: Mint) -> None:
    assert mint.hash_code("K7M2QX") == mint.hash_code("K7M2QX") != mint.hash_code("K7M2QY")
    assert len(mint.hash_code("K7M2QX")) == 64
    assert "K7M2QX" not in mint.hash_code("K7M2QX")


def test_a_sealed_code_opens_again_and_cannot_be_read(mint: Mint) -> None:
    sealed = mint.seal_code("K7M2QX")
    assert b"K7M2QX" not in sealed
    assert mint.open_code(sealed) == "K7M2QX"


def test_what_this_mint_did_not_seal_does_not_open(mint: Mint) -> None:
    with pytest.raises(ValueError, match="another key"):
        mint.open_code(b"something else")


def test_another_key_gives_other_hashes_and_opens_nothing() -> None:
    one, other = KeyedMint(Keys.fresh()), KeyedMint(Keys.fresh())
    assert one.hash_code("K7M2QX") != other.hash_code("K7M2QX")
    with pytest.raises(ValueError, match="another key"):
        other.open_code(one.seal_code("K7M2QX"))


def test_the_first_start_makes_the_keys_and_the_next_finds_them(tmp_path: Path) -> None:
    keys = load_keys(tmp_path)
    path = tmp_path / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert load_keys(tmp_path) == keys
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [KEY_FILE]


def test_keys_do_not_show_in_a_traceback() -> None:
    assert "hashing" not in repr(Keys.fresh())


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_keys(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keys(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "secret nonsense",
        "[]",
        "{}",
        json.dumps({"hashing": "c2hvcnQ=", "sealing": "A" * 43 + "="}),
        json.dumps({"hashing": "A" * 43 + "=", "sealing": "short"}),
        json.dumps({"hashing": 1, "sealing": 2}),
    ],
)
def test_a_damaged_file_is_refused_kept_and_not_quoted(tmp_path: Path, damage: str) -> None:
    path = tmp_path / KEY_FILE
    path.write_text(damage)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="damaged") as caught:
        load_keys(tmp_path)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert path.read_text() == damage
