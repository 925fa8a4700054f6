import json
from pathlib import Path

import pytest

from engine.core.errors import BundleError
from engine.models.bundles import MANIFEST, read_bundle, write_bundle

MODEL = "model.json"
BINARY = "trees.ubj"

WHO = {"name": "game-x", "version": "1.0.0", "task": "game", "family": "x", "created": "2025-01-15T12:00:00+00:00"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bundle(tmp_path / "b", {**WHO, "contract": "c"}, {MODEL: b'{"a": 1}', BINARY: b"\x80\xff\x00"})
    return tmp_path / "b"


def test_a_bundle_comes_back_as_it_was_written(folder: Path) -> None:
    bundle = read_bundle(folder)
    assert bundle.files == {MODEL: b'{"a": 1}', BINARY: b"\x80\xff\x00"}
    assert bundle.text_field("name") == "game-x"
    assert bundle.created.isoformat() == WHO["created"]


@pytest.mark.parametrize("name", [MODEL, BINARY])
def test_a_flipped_byte_is_found(folder: Path, name: str) -> None:
    raw = bytearray((folder / name).read_bytes())
    raw[2] ^= 1
    (folder / name).write_bytes(raw)
    with pytest.raises(BundleError, match="SHA-256 differs"):
        read_bundle(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / MODEL).unlink()
    with pytest.raises(BundleError, match="model.json is missing"):
        read_bundle(folder)


def test_a_pickle_that_calls_itself_a_manifest_is_never_opened_as_one(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\x80\x04\x95\x10\x00cos\nsystem\n.")
    with pytest.raises(BundleError, match="not JSON"):
        read_bundle(folder)


def test_foreign_json_is_no_bundle(folder: Path) -> None:
    (folder / MANIFEST).write_text("[1, 2]")
    with pytest.raises(BundleError, match="not an nbabot model bundle"):
        read_bundle(folder)


def test_a_bundle_of_a_newer_format_asks_for_an_upgrade(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(BundleError, match="upgrade nbabot"):
        read_bundle(folder)


def test_a_manifest_cannot_reach_outside_its_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "files": {"../secret": "0"}}))
    with pytest.raises(BundleError, match="outside itself"):
        read_bundle(folder)


def test_a_version_is_never_overwritten(folder: Path) -> None:
    with pytest.raises(BundleError, match="versions never change"):
        write_bundle(folder, {**WHO, "contract": "c"}, {MODEL: b"{}"})
    assert read_bundle(folder).files[MODEL] == b'{"a": 1}'


def test_a_write_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be written"):
        write_bundle(tmp_path / "b", {**WHO, "contract": "c"}, {"no/such/folder.json": b"{}"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a\0b", "../x", "/etc/passwd", "", "."])
def test_a_file_name_that_is_no_plain_name_is_refused(folder: Path, name: str) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "files": {name: "0"}}))
    with pytest.raises(BundleError):
        read_bundle(folder)
