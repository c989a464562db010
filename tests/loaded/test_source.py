"""A network is found by one call in a run, an archive or a checkpoint file, and nothing is ever unpickled."""

import json
import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load, load_file, save

import dbn_core
from dbn_core.archive import export
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.data.own import add_images
from dbn_core.errors import ArchiveError, DataError, ModelError, RunNotFoundError, StoreError
from dbn_core.store import RunStore
from tests.data.own_samples import laid_out, many
from tests.inference.training import StoredRun, trained_in

IMAGES = load_dataset("digits").test[:31]


def exported(done: StoredRun, folder: Path, suffix: str) -> Path:
    file = folder / f"run{suffix}"
    export(done.run, file)
    return file


def test_run_archive_and_checkpoint_hold_the_same_network(
    tuned: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_STORE", tuned.store.url)
    by_name, by_id = dbn_core.load("tuned"), dbn_core.load(tuned.run.id)
    files = [exported(tuned, tmp_path, suffix) for suffix in (".zip", ".safetensors")]
    monkeypatch.setenv("DBN_STORE", f"sqlite:///{tmp_path / 'empty.db'}")
    models = [by_id, *map(dbn_core.load, files), dbn_core.load(str(files[0]))]
    for model in models:
        assert torch.equal(model.features(IMAGES), by_name.features(IMAGES))
        assert torch.equal(model.predict_proba(IMAGES), by_name.predict_proba(IMAGES))
        assert (model.config, model.shape, model.class_names) == (by_name.config, (28, 28), by_name.class_names)
        assert (model.provenance.run, model.provenance.data) == ("tuned", "digits")
        assert model.provenance.position == by_name.provenance.position
    assert [model.provenance.source for model in models] == [tuned.run.id, *map(str, files), str(files[0])]
    assert by_name.provenance.position.stage == "finetune"


def test_a_checkpoint_file_is_sound_for_any_reader_of_safetensors(tuned: StoredRun, tmp_path: Path) -> None:
    saved = tuned.run.checkpoint()
    assert saved is not None
    expected = load(saved.payload)
    read = load_file(exported(tuned, tmp_path, ".safetensors"))
    assert read.keys() == expected.keys()
    assert all(torch.equal(read[name], tensor) for name, tensor in expected.items())


def test_a_file_is_enough_where_the_data_set_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path / "data"))
    add_images(laid_out(many(40, "cat/") | many(40, "dog/"), tmp_path / "pets"), "pets")
    settings = {"data.name": "own/pets", "layers": [5], "epochs": 1, "batch_size": 20, "labels.joint": True}
    done = trained_in(tmp_path, "pets", settings)
    files = [exported(done, tmp_path, suffix) for suffix in (".zip", ".safetensors")]
    before = dbn_core.load("pets", store=done.store.url)
    monkeypatch.setenv("DBN_DATA", str(tmp_path / "elsewhere"))
    images = load_dataset("digits").test[:4, :7, :11]
    for file in files:
        model = dbn_core.load(file)
        assert (model.shape, model.class_names) == ((7, 11), ("cat", "dog"))
        assert model.predict(images) == before.predict(images)
    with pytest.raises(DataError, match="own/pets"):
        dbn_core.load("pets", store=done.store.url)


def test_an_archive_of_an_older_lab_is_read_by_the_data_set_that_its_settings_name(
    tuned: StoredRun, tmp_path: Path
) -> None:
    file = exported(tuned, tmp_path, ".zip")
    old = tmp_path / "old.zip"
    with zipfile.ZipFile(file) as new, zipfile.ZipFile(old, "w") as copy:
        for name in new.namelist():
            if name not in {"images.json", "checkpoints.json"}:
                copy.writestr(name, new.read(name))
    assert torch.equal(dbn_core.load(old).features(IMAGES), dbn_core.load(file).features(IMAGES))


class Trap:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("name", ["model.pt", "model.pkl", "model.pth", "model.safetensors", "model.zip"])
def test_a_pickle_is_refused_unread_whatever_its_name(tmp_path: Path, name: str) -> None:
    mark, file = tmp_path / "mark", tmp_path / name
    file.write_bytes(pickle.dumps(Trap(mark)))
    for source in (file, str(file)):
        with pytest.raises(ArchiveError, match=r"neither a \.zip nor|no intact \.zip|no sound \.safetensors"):
            dbn_core.load(source)
    assert not mark.exists()


def test_what_torch_saves_is_refused_although_it_is_a_zip(tmp_path: Path) -> None:
    torch.save({"W": torch.zeros(3)}, tmp_path / "model.zip")
    with pytest.raises(ArchiveError, match="no exported run"):
        dbn_core.load(tmp_path / "model.zip")


def test_weights_without_settings_are_refused_with_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(save({"layer1.W": torch.zeros(3, 5)}))
    with pytest.raises(ArchiveError, match=r"weights without settings; give the \.zip"):
        dbn_core.load(tmp_path / "w.safetensors")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "a letter"}, "something else than a checkpoint"),
        ({"version": 99}, "newer version"),
        ({"name": 3}, "name"),
        ({"config": {"layers": []}}, "the settings in its header: layers"),
        ({"config": RunConfig(layers=(3,)).to_dict()}, r"layer1\.W must be 3 x 784, and it holds 37 x 784"),
        ({"images": {"shape": [28, 27], "label_names": []}}, r"layer1\.W must be 37 x 756"),
    ],
)
def test_a_header_that_does_not_fit_is_told_in_a_sentence(
    tuned: StoredRun, tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    with safe_open(exported(tuned, tmp_path, ".safetensors"), "pt") as file:
        metadata, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    content = json.loads(metadata["deep-belief-lab"]) | change
    (tmp_path / "changed.safetensors").write_bytes(save(tensors, {"deep-belief-lab": json.dumps(content)}))
    with pytest.raises((ArchiveError, DataError), match=sentence):
        dbn_core.load(tmp_path / "changed.safetensors")


def test_what_is_not_there_is_told_in_a_sentence(tmp_path: Path, store_url: str) -> None:
    with pytest.raises(RunNotFoundError, match="no run with the id or name 'strokes'"):
        dbn_core.load("strokes", store=store_url)
    for name in ("no.zip", "no.safetensors"):
        with pytest.raises(ArchiveError, match="No such file"):
            dbn_core.load(tmp_path / name)
    run = RunStore(store_url).create_run(RunConfig(), "young")
    with pytest.raises(StoreError, match="has not been saved yet"):
        dbn_core.load("young", store=store_url)
    export(run, tmp_path / "young.zip")
    with pytest.raises(ArchiveError, match="exported before anything was trained"):
        dbn_core.load(tmp_path / "young.zip")
    with pytest.raises(ArchiveError, match="no checkpoint yet"):
        export(run, tmp_path / "young.safetensors")


@pytest.mark.parametrize("name", ["x" * 5000, "no\0where"])
def test_what_can_be_no_file_is_no_run(name: str, tmp_path: Path) -> None:
    with pytest.raises(RunNotFoundError):
        dbn_core.load(name, store=f"sqlite:///{tmp_path / 'empty.db'}")


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(ModelError, match="not by 5"):
        dbn_core.load(5)  # pyright: ignore[reportArgumentType]


def test_weights_that_are_no_numbers_are_refused(tuned: StoredRun, tmp_path: Path) -> None:
    file = exported(tuned, tmp_path, ".safetensors")
    with safe_open(file, "pt") as held:
        metadata, tensors = held.metadata(), {name: held.get_tensor(name) for name in held.keys()}  # noqa: SIM118
    tensors["layer1.W"][0, 0] = float("nan")
    file.write_bytes(save(tensors, metadata))
    with pytest.raises(ArchiveError, match=r"'layer1\.W' holds a number that is not finite"):
        dbn_core.load(file)
