"""A network reads images on the scale on which its own came, wherever it is loaded from; others are refused."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save
from sklearn.datasets import load_digits

import dbn_core
from dbn_core.archive import export
from dbn_core.data.own import add_images
from dbn_core.data.scale import Scale
from dbn_core.errors import ArchiveError, DataError
from dbn_core.loaded import LoadedModel
from tests.data.own_samples import npz, png, zipped
from tests.inference.training import StoredRun, trained_in

SMALL = np.asarray(load_digits(return_X_y=True)[0])[:80].reshape(80, 8, 8)  # float64, 0 to 16
MASKS = (SMALL > 7).astype(np.uint8)


def learnt(images: np.ndarray | dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredRun:
    """A run on these images, added as an array or as files."""
    monkeypatch.setenv("DBN_DATA", str(tmp_path / "data"))
    source = ("x.zip", zipped(images)) if isinstance(images, dict) else ("x.npz", npz(images=images))
    add_images(source, "mine")
    settings = {"data.name": "own/mine", "layers": [5], "epochs": 3, "batch_size": 10, "training.learning_rate": 0.1}
    return trained_in(tmp_path, "mine", settings)


def expected(model: LoadedModel, shares: np.ndarray) -> torch.Tensor:
    """Features of grey values in [0, 1], by the definition."""
    rbm = model.dbn.layers[0]
    v = torch.tensor(shares.reshape(len(shares), -1), dtype=torch.float32)
    return torch.sigmoid(rbm.h_bias + v @ rbm.W.T)


def test_a_run_on_masks_takes_0_and_1_as_these(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = learnt(MASKS, tmp_path, monkeypatch)
    model = dbn_core.load("mine", store=done.store.url)
    assert model.scale == Scale(0, 1)
    wanted = expected(model, MASKS)
    for given in (MASKS, MASKS.astype(bool), MASKS.astype(float), MASKS.astype(int), torch.tensor(MASKS)):
        torch.testing.assert_close(model.features(given), wanted)
        torch.testing.assert_close(model.features(given[:1]), wanted[:1])
        torch.testing.assert_close(model.dbn.features(given), wanted)
    torch.testing.assert_close(model.features(MASKS / 2), expected(model, MASKS / 2))
    for beyond in (MASKS * 2, MASKS * 255, MASKS * 2.0, MASKS * -1.0):
        with pytest.raises(DataError, match=r"scale from 0 \(black\) to 1 \(white\)|no grey values"):
            model.features(beyond)


@pytest.mark.parametrize("suffix", ["", ".zip", ".safetensors"])
def test_a_run_on_digits_from_0_to_16_takes_them_as_they_are(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = learnt(SMALL, tmp_path, monkeypatch)
    if suffix:
        export(done.run, tmp_path / f"run{suffix}")
        monkeypatch.setenv("DBN_DATA", str(tmp_path / "elsewhere"))
    model = dbn_core.load(tmp_path / f"run{suffix}" if suffix else "mine", store=done.store.url)
    assert model.scale == Scale(0, 16)
    wanted = expected(model, SMALL / 16)
    for given in (SMALL, SMALL.astype(np.uint8), SMALL.astype(np.float16), SMALL.astype(np.int64), SMALL.tolist()):
        torch.testing.assert_close(model.features(given), wanted)
        torch.testing.assert_close(model.features(given[7]), wanted[7:8])
    faint = SMALL[:3] / 16
    torch.testing.assert_close(model.features(faint), expected(model, faint / 16), msg="numbers are never guessed at")
    error = model.reconstruction_error(SMALL)
    back = model.reconstruct(SMALL).numpy()
    np.testing.assert_allclose(error, ((SMALL.reshape(80, 64) / 16 - back) ** 2).mean(1), rtol=1e-4)
    for beyond in (SMALL + 1, (SMALL * 15).astype(np.uint8), SMALL - 0.5):
        with pytest.raises(DataError, match=r"given to a model with images on a scale from 0 .* to 16 \(white\)"):
            model.features(beyond)


def test_values_around_zero_are_read_from_black_to_white(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    centred = SMALL / 8 - 1
    model = dbn_core.load("mine", store=learnt(centred, tmp_path, monkeypatch).store.url)
    assert model.scale == Scale(-1, 1)
    torch.testing.assert_close(model.features(centred), expected(model, SMALL / 16))


def test_image_files_have_the_scale_of_those_that_were_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbn_core.data.own.given import given_images

    masks = {f"{index:02}.png": png(mask) for index, mask in enumerate(MASKS)}
    model = dbn_core.load("mine", store=learnt(masks, tmp_path, monkeypatch).store.url)
    assert model.scale == Scale(0, 1, is_of_files=True)
    Image.open(io.BytesIO(masks["03.png"])).save(tmp_path / "one.png")
    given = given_images(tmp_path / "one.png", model.shape, model.scale)
    torch.testing.assert_close(model.features(given.numbers), expected(model, MASKS[3:4]))


def test_an_archive_without_a_scale_is_of_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = learnt(SMALL, tmp_path, monkeypatch)
    file = changed(done, tmp_path, {"scale": None})
    assert dbn_core.load(file).scale == Scale(0, 255)
    content = json.loads(zipfile.ZipFile(file).read("images.json"))
    del content["scale"]
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        for name in made.namelist():
            old.writestr(name, json.dumps(content) if name == "images.json" else made.read(name))
    model = dbn_core.load(tmp_path / "old.zip")
    pixels = (SMALL * 15).astype(np.uint8)
    torch.testing.assert_close(model.features(pixels), expected(model, pixels / 255))


def changed(done: StoredRun, folder: Path, change: dict[str, object]) -> Path:
    """The run as an archive whose `images.json` says something else."""
    export(done.run, folder / "sound.zip", replace=True)
    with zipfile.ZipFile(folder / "sound.zip") as sound, zipfile.ZipFile(folder / "changed.zip", "w") as other:
        for name in sound.namelist():
            content = sound.read(name)
            if name == "images.json":
                content = json.dumps(json.loads(content) | change).encode()
            other.writestr(name, content)
    return folder / "changed.zip"


def test_a_scale_that_is_none_is_refused_in_archives_and_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = learnt(SMALL, tmp_path, monkeypatch)
    export(done.run, tmp_path / "run.safetensors")
    with safe_open(tmp_path / "run.safetensors", "pt") as file:
        metadata, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    header = json.loads(metadata["deep-belief-lab"])
    usual = {"black": 0, "white": 16, "is_of_files": False}
    for change in (
        {"white": float("nan")},
        {"white": float("inf")},
        {"white": 0},
        {"black": 16.5},
        {"black": -1e300},
        {"white": "a"},
        {"colour": 1},
    ):
        with pytest.raises(ArchiveError, match=r"images\.json: scale|cannot be loaded"):
            dbn_core.load(changed(done, tmp_path, {"scale": usual | change}))
        bad = header | {"images": header["images"] | {"scale": usual | change}}
        (tmp_path / "bad.safetensors").write_bytes(save(tensors, {"deep-belief-lab": json.dumps(bad)}))
        with pytest.raises(ArchiveError, match=r"its header: images\.scale|cannot be loaded"):
            dbn_core.load(tmp_path / "bad.safetensors")
