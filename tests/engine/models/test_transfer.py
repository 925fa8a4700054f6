import hashlib
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import BundleError
from engine.core.reports import ModelStatus, ModelVersion
from engine.engine import Engine
from engine.models import transfer

Change = Callable[[dict[str, bytes]], None]


def elo(engine: Engine) -> ModelVersion:
    return next(one for one in engine.models() if one.family == "elo" and one.simulated)


def problems(engine: Engine) -> dict[str, str]:
    return {one.label: one.problem for one in engine.verify_models() if one.problem}


def altered(archive: Path, target: Path, change: Change, rehash: bool = True) -> Path:
    """The archive with other files; hashes are made to fit, as a forger would."""
    with zipfile.ZipFile(archive) as found:
        files = {name: found.read(name) for name in found.namelist()}
    change(files)
    if rehash and "manifest.json" in files:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in manifest["files"]}
        files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target


def edit(**entries: object) -> Change:
    """A change of manifest entries."""

    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), **entries}).encode()

    return change


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Path:
    found = elo(engine)
    return engine.export_model(found.name, found.version, tmp_path)


def test_an_exported_version_arrives_whole_on_another_machine(engine: Engine, archive: Path, tmp_path: Path) -> None:
    version = elo(engine)
    other = Engine(tmp_path / "other")
    taken = other.import_model(archive)
    assert (taken.label, taken.status, taken.metrics) == (version.label, ModelStatus.CANDIDATE, version.metrics)
    assert other.model_manifest(taken.name, taken.version) == engine.model_manifest(version.name, version.version)
    assert problems(other) == {}
    assert other.import_model(archive) == taken, "a second time changes nothing"
    other.close()


def test_an_export_overwrites_nothing(engine: Engine, archive: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="exists already"):
        engine.export_model(elo(engine).name, elo(engine).version, tmp_path)


def flipped(files: dict[str, bytes]) -> None:
    files["model.json"] = files["model.json"].replace(b"1", b"2", 1)


def pickled(files: dict[str, bytes]) -> None:
    files["model.json"] = pickle.dumps({"kind": "game"})


def climbing(files: dict[str, bytes]) -> None:
    files["../evil.json"] = b"{}"


def without(name: str) -> Change:
    return lambda files: files.pop(name) and None


@pytest.mark.parametrize(
    ("change", "rehash", "said"),
    [
        (flipped, False, "SHA-256 differs"),
        (without("model.json"), False, "model.json is missing"),
        (without("manifest.json"), False, "not an exported nbabot model"),
        (pickled, True, "is not JSON"),
        (climbing, True, "outside itself"),
        (edit(contract="0" * 64), True, "other features"),
        (edit(task="rugby"), True, "no models for 'rugby'"),
        (edit(name="../x"), True, "not the name and number"),
        (edit(version="1"), True, "not the name and number"),
        (edit(format=99), True, "bundle format 99"),
        (edit(family="margin"), True, "Another game-elo"),
    ],
)
def test_what_is_wrong_with_an_archive_is_said_and_nothing_is_taken_in(
    engine: Engine, archive: Path, tmp_path: Path, change: Change, rehash: bool, said: str
) -> None:
    before = engine.models(None)
    with pytest.raises(BundleError, match=said):
        engine.import_model(altered(archive, tmp_path / "bad.zip", change, rehash))
    assert engine.models(None) == before
    assert not list((engine.home / "models").glob(".draft-*"))
    assert problems(engine) == {}


def test_an_archive_that_is_none_or_too_large_or_absent_is_refused(
    engine: Engine, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(BundleError, match="no sound zip"):
        engine.import_model(tmp_path / "text.zip")
    with pytest.raises(BundleError, match="There is no file"):
        engine.import_model(tmp_path / "absent.zip")
    monkeypatch.setattr(transfer, "LARGEST", 1000)
    with pytest.raises(BundleError, match="holds more than"):
        engine.import_model(archive)


def test_verify_names_every_kind_of_damage_and_the_champion_goes_on_answering(engine: Engine) -> None:
    assert problems(engine) == {}
    champion = engine.champion().label
    assert engine.predict("BOS", "LAL").model == champion
    version, folder = elo(engine), engine.home / "models" / elo(engine).name / elo(engine).version
    (folder / "notes.txt").write_text("mine")
    assert "notes.txt in its folder is none of its files" in problems(engine)[version.label]
    (folder / "notes.txt").unlink()
    model = folder / "model.json"
    model.write_bytes(model.read_bytes().replace(b"1", b"2", 1))
    assert "SHA-256 differs" in problems(engine)[version.label]
    model.unlink()
    assert "is missing" in problems(engine)[version.label]
    shutil.rmtree(folder)
    assert "files are gone" in problems(engine)[version.label]
    (folder.parent / "7.0.0").mkdir(parents=True)
    (folder.parent / ".draft-abc").mkdir()
    found = problems(engine)
    assert "Not in the registry" in found[f"{version.name}@7.0.0"]
    assert "unfinished draft" in found[".draft-abc"]
    assert engine.predict("BOS", "MIA").model == champion


def test_a_version_of_an_unknown_library_is_named_by_verify_and_by_the_gate(
    engine: Engine, archive: Path, tmp_path: Path
) -> None:
    strange = edit(libraries={"numpy": "99.1"}, version="8.0.0")
    made = engine.import_model(altered(archive, tmp_path / "new.zip", strange))
    assert "made with numpy 99.1" in problems(engine)[made.label]
    assert any("numpy 99.1" in one for one in engine.model_gate(made.name, made.version).objections)
