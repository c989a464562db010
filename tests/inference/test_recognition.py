"""What a drawing is taken for, and what each layer makes of it, is what the model says."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import DataError
from dbn_core.inference.loading import restored, trained
from dbn_core.inference.recognition import recognise
from dbn_core.inference.stack import stack_of
from dbn_core.questions import Image
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.training.checkpoints import unpack
from dbn_core.training.pictures import linear_filters
from dbn_core.worker import train_run
from tests.inference.training import StoredRun

SMALL = {"data.train_size": 600, "layers": [29, 19], "epochs": 2, "batch_size": 20}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(f"sqlite:///{tmp_path_factory.mktemp('classifiers') / 'lab.db'}")


def made(store: RunStore, name: str, **settings: object) -> Run:
    run = store.create_run(RunConfig().with_values(SMALL | settings), name, executor="foreground")
    assert train_run(store.url, run.id) == RunStatus.DONE
    return run


@pytest.fixture(scope="module")
def with_labels(store: RunStore) -> Run:
    return made(store, "labels", **{"labels.joint": True, "updown.epochs": 1, "finetune.epochs": 2})


@pytest.fixture(scope="module")
def from_scratch(store: RunStore) -> Run:
    return made(store, "scratch", **{"epochs": 0, "finetune.epochs": 2})


def last(run: Run) -> int:
    return run.checkpoints()[-1].id


def test_a_run_without_a_classifier_is_lent_a_probe(trained_run: StoredRun) -> None:
    store, run = trained_run
    images = load_dataset("digits")
    right = 0
    for image, label in zip(images.test[:40], images.test_labels[:40], strict=True):
        answer = recognise(store.url, run.id, last(run), Image.of(image))
        assert list(answer["classifiers"]) == ["probe"]
        assert answer["fitted"] == 1000
        probabilities = answer["classifiers"]["probe"]
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        right += int(probabilities.argmax() == label)
    assert right > 20


def test_layers_are_means_and_filters_are_those_of_the_units_most_above_their_average(trained_run: StoredRun) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last(run))
    answer = recognise(store.url, run.id, last(run), 13)
    v = model.data.preprocessing.mean(model.data.heldout[13:14])
    usual = model.data.preprocessing.mean(model.data.train[:1000])
    assert (answer["number"], answer["label"]) == (13, int(model.data.heldout_labels[13]))
    for depth, layer in enumerate(answer["layers"], 1):
        activity = model.dbn.up(v, depth)[0]
        np.testing.assert_allclose(layer["activity"], activity.numpy(), atol=1e-6)
        back = model.dbn.reconstruct(v, depth).reshape(28, 28)
        assert layer["reconstruction"] is not None
        np.testing.assert_allclose(layer["reconstruction"] / 255.0, back.numpy(), atol=0.5 / 255 + 1e-6)
        above = activity - model.dbn.up(usual, depth).mean(0)
        assert layer["strongest"] == above.argsort(descending=True)[:12].tolist()
        weights = linear_filters(model.dbn, depth)[layer["strongest"]].reshape(-1, 28, 28).numpy()
        shown = (layer["filters"].astype(float) - 128) / 127 * layer["scale"]
        inside = np.abs(weights) <= layer["scale"]
        assert np.abs(shown - weights)[inside].max() <= layer["scale"] / 127


def test_every_classifier_of_a_run_gives_its_own_opinion(store: RunStore, with_labels: Run) -> None:
    model = trained(store.url, with_labels.id, last(with_labels))
    v = model.data.preprocessing.mean(model.data.heldout[5:6])
    answer = recognise(store.url, with_labels.id, last(with_labels), 5)
    opinions = answer["classifiers"]
    assert set(opinions) == {"label_units", "up_down", "fine_tuned"}
    assert model.untied is not None
    assert model.classifier is not None
    np.testing.assert_allclose(opinions["label_units"], model.dbn.classify(v)[0].numpy(), rtol=1e-5)
    np.testing.assert_allclose(opinions["up_down"], model.untied.classify(v)[0].numpy(), rtol=1e-5)
    np.testing.assert_allclose(opinions["fine_tuned"], model.classifier.classify(v)[0].numpy(), rtol=1e-5)
    assert answer["stack"] == "layers after up-down"
    np.testing.assert_allclose(answer["layers"][1]["activity"], model.untied.features(v)[0].numpy(), atol=1e-6)
    back = model.untied.reconstruct(v)[0].reshape(28, 28).numpy()
    shown = answer["layers"][1]["reconstruction"]
    assert shown is not None
    np.testing.assert_allclose(shown / 255.0, back, atol=0.5 / 255 + 1e-6)


def test_a_net_from_scratch_shows_its_own_layers_and_no_way_back(store: RunStore, from_scratch: Run) -> None:
    model = trained(store.url, from_scratch.id, last(from_scratch))
    answer = recognise(store.url, from_scratch.id, last(from_scratch), 5)
    assert model.classifier is not None
    v = model.data.preprocessing.mean(model.data.heldout[5:6])
    np.testing.assert_allclose(answer["layers"][1]["activity"], model.classifier.features(v)[0].numpy(), atol=1e-6)
    assert [layer["reconstruction"] for layer in answer["layers"]] == [None, None]


def test_the_filters_of_a_stack_are_the_derivative_of_its_linear_part_less_their_mean(
    store: RunStore, with_labels: Run
) -> None:
    model = trained(store.url, with_labels.id, last(with_labels))
    assert model.untied is not None
    stack = stack_of(model)
    expected = model.untied.top.W[:, :29] @ model.untied.directed[0].recognition
    torch.testing.assert_close(stack.filters(2, torch.tensor([3, 17])), (expected - expected.mean(0))[[3, 17]])


def test_numbers_beyond_the_last_held_out_image_begin_again(trained_run: StoredRun) -> None:
    store, run = trained_run
    answer = recognise(store.url, run.id, last(run), 2000 + 3)
    assert answer["number"] == 3
    assert np.array_equal(answer["seen"], load_dataset("digits").test[3])


def test_a_checkpoint_of_other_shapes_gets_a_sentence(trained_run: StoredRun) -> None:
    store, run = trained_run
    saved = run.checkpoint(last(run))
    assert saved is not None
    other = store.create_run(RunConfig().with_values(SMALL | {"layers": [31, 23]}), executor="foreground")
    store.claim(other.id, "a test").save_checkpoint(replace(saved, config=other.info().config))
    with pytest.raises(DataError, match=r"layer1\.W must be 31 x 784, and it holds 37 x 784"):
        recognise(store.url, other.id, last(other), 3)


def test_a_classifier_of_other_classes_gets_a_sentence_too(store: RunStore, with_labels: Run) -> None:
    saved = with_labels.checkpoint(last(with_labels))
    assert saved is not None
    state = unpack(saved.payload)
    tensors = dict(state.tensors) | {"classifier.head.W": torch.zeros(7, state.tensors["classifier.head.W"].shape[1])}
    with pytest.raises(DataError, match=r"classifier\.head\.W must be 10 x \d+, and it holds 7 x \d+"):
        restored(saved.config, saved.position, tensors)


def test_a_picture_of_another_shape_gets_a_sentence(trained_run: StoredRun) -> None:
    store, run = trained_run
    with pytest.raises(DataError, match=r"This picture is 32 x 32 x 3 but .* images of 28 x 28\."):
        recognise(store.url, run.id, last(run), Image.of(np.zeros((32, 32, 3), np.uint8)))
