"""What the lab exports loads into a plain `DBN` by its own names."""

import zipfile
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

import dbn_core
from dbn_core import DBN
from dbn_core.archive import export
from dbn_core.data import load_dataset
from tests.inference.training import StoredRun

IMAGES = load_dataset("digits").test[:53]


def exported(done: StoredRun, folder: Path) -> dict[str, torch.Tensor]:
    export(done.run, folder / "run.safetensors")
    return safetensors.torch.load_file(folder / "run.safetensors")


def test_exported_weights_make_the_same_features(
    tuned: StoredRun, labelled: StoredRun, standardised: StoredRun, tmp_path: Path
) -> None:
    networks = (
        (tuned, DBN([784, 37, 23])),
        (labelled, DBN([784, 7], n_labels=10)),
        (standardised, DBN([784, 11], visible="gaussian")),
    )
    for number, (done, dbn) in enumerate(networks):
        (tmp_path / str(number)).mkdir()
        dbn.load_state_dict(exported(done, tmp_path / str(number)))
        model = dbn_core.load(done.run.id, store=done.store.url)
        v = model.preprocessing.mean(torch.tensor(IMAGES).reshape(53, 784))
        torch.testing.assert_close(dbn.up(v), model.features(IMAGES), rtol=0, atol=0)


def test_the_weights_in_an_archive_do_too(tuned: StoredRun, tmp_path: Path) -> None:
    export(tuned.run, tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        file = Path(archive.extract("weights.safetensors", tmp_path))
    dbn = DBN([784, 37, 23])
    dbn.load_state_dict(safetensors.torch.load_file(file))
    expected = exported(tuned, tmp_path)
    for depth, rbm in enumerate(dbn.layers, 1):
        for name in ("W", "v_bias", "h_bias"):
            assert torch.equal(getattr(rbm, name), expected[f"layer{depth}.{name}"])


@pytest.mark.parametrize("sizes", [[784, 37], [784, 37, 23, 5], [784, 31, 23]])
def test_a_network_of_other_layers_is_refused(tuned: StoredRun, tmp_path: Path, sizes: list[int]) -> None:
    dbn = DBN(sizes)
    with pytest.raises(RuntimeError, match=r"stack\.\d\.W"):
        dbn.load_state_dict(exported(tuned, tmp_path))


def test_a_network_within_another_takes_both_kinds_of_names(tuned: StoredRun, tmp_path: Path) -> None:
    weights = exported(tuned, tmp_path)
    outer, plain = nn.Sequential(DBN([784, 37, 23])), DBN([784, 37, 23])
    outer.load_state_dict({f"0.{name}": tensor for name, tensor in weights.items()})
    plain.load_state_dict({name.removeprefix("0."): tensor for name, tensor in outer.state_dict().items()})
    assert torch.equal(plain.layers[1].W, weights["layer2.W"])
    assert set(weights) > {"layer1.W", "layer2.h_bias"}, "and what was given is as it was"
