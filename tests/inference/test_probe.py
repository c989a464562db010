"""The probe's errors against a vote counted by hand on features computed by hand."""

import numpy as np
import pytest
import torch

from dbn_core.data import load_dataset
from dbn_core.errors import StoreError
from dbn_core.inference.probe import NEIGHBOURS, probe
from dbn_core.metric_table import is_known
from dbn_core.training.checkpoints import unpack
from tests.inference.training import StoredRun


def vote_error(fitted: torch.Tensor, judged: torch.Tensor) -> float:
    """% wrong of a majority vote of the nearest neighbours; the smaller class wins a tie."""
    data = load_dataset("digits")
    labels, truth = data.train_labels[: len(fitted)], data.test_labels[: len(judged)]
    nearest = torch.cdist(judged.double(), fitted.double()).argsort(dim=1, stable=True)[:, :NEIGHBOURS].numpy()
    votes = np.array([np.bincount(labels[row], minlength=10).argmax() for row in nearest])
    return 100 * float(np.mean(votes != truth))


def pixels(images: np.ndarray) -> torch.Tensor:
    return torch.tensor(images.reshape(len(images), -1)).float() / 255


def test_pixels_and_each_layer_are_judged_on_held_out_images(trained_run: StoredRun) -> None:
    store, run = trained_run
    saved = run.checkpoint()
    assert saved is not None
    answer = probe(store.url, run.id, saved.id)
    assert (answer["fitted"], answer["judged"], answer["position"]) == (1000, 1000, saved.position)
    assert [(row["features"], row["units"]) for row in answer["rows"]] == [
        ("pixels", 784),
        ("layer 1", 37),
        ("layer 2", 23),
    ]
    assert all(map(is_known, answer["figures"]))
    data, tensors = load_dataset("digits"), unpack(saved.payload).tensors
    inputs = [pixels(data.train[:1000]), pixels(data.test[:1000])]
    for row in answer["rows"]:
        # Rounding may turn a tie of distances round: one image in a thousand.
        assert row["knn_error"] == pytest.approx(vote_error(*inputs), abs=0.11)
        assert 0 < row["logistic_error"] < 60
        layer = f"layer{row['features'][-1]}" if row["features"] != "pixels" else ""
        following = f"layer{int(layer[-1]) + 1}" if layer else "layer1"
        if f"{following}.W" in tensors:
            W, c = tensors[f"{following}.W"], tensors[f"{following}.h_bias"]
            inputs = [torch.sigmoid(x @ W.t() + c) for x in inputs]
    assert answer["rows"][0]["logistic_error"] < 20


def test_a_layer_that_has_not_begun_is_not_probed(trained_run: StoredRun) -> None:
    store, run = trained_run
    early = next(kept for kept in run.checkpoints() if kept.position.epoch == 1)
    assert [row["features"] for row in probe(store.url, run.id, early.id)["rows"]] == ["pixels", "layer 1"]


def test_a_checkpoint_that_is_gone_gets_a_sentence(trained_run: StoredRun) -> None:
    store, run = trained_run
    with pytest.raises(StoreError, match="no checkpoint 999983"):
        probe(store.url, run.id, 999_983)
