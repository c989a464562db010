"""A run on categories: one-hot tables of one's own, trained, evaluated, dreamt, branched, taken away and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.config.dreaming import DreamSettings
from dbn_core.data.own import add_images
from dbn_core.errors import ConfigError, DataError
from dbn_core.inference import project, unit_life
from dbn_core.inference.dreams import dream_steps
from dbn_core.inference.loading import trained
from dbn_core.inference.recognition import recognise
from dbn_core.models import RBM
from dbn_core.models.units import Softmax
from dbn_core.questions import Image
from dbn_core.records import RunStatus
from dbn_core.training import train_rbm
from dbn_core.worker import train_run
from tests.data.own_samples import npz
from tests.inference.training import StoredRun, branched_and_brought_back, evaluated, refuse, trained_in

GROUPS, CATEGORIES = 7, 5
SETTINGS: dict[str, Any] = {
    "data.name": "own/ratings",
    "visible": "softmax",
    "categories": CATEGORIES,
    "layers": [13, 11],
    "epochs": 20,
    "batch_size": 20,
    "training.method": "pcd",
    "training.chains": 17,
    "labels.joint": True,
    "finetune.epochs": 1,
    "likelihood.every": 10,
}


def ratings(cases: int) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (cases, groups, categories) one-hot at 255, and the class whose taste each of them has, with some noise."""
    generator = np.random.default_rng(3)
    labels = np.arange(cases) % 3
    tastes = generator.integers(0, CATEGORIES, (3, GROUPS))
    noise = generator.random((cases, GROUPS)) < 0.1
    chosen = np.where(noise, generator.integers(0, CATEGORIES, (cases, GROUPS)), tastes[labels])
    return (np.eye(CATEGORIES, dtype=np.uint8) * 255)[chosen], labels


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredRun]:
    folder = tmp_path_factory.mktemp("ratings")
    images, labels = ratings(331)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBN_DATA", str(folder))
        add_images(("x.npz", npz(images=images, labels=labels)), "ratings", folder=folder)
        yield trained_in(folder, "ratings", SETTINGS)


def test_the_network_of_the_run_has_softmax_units_and_its_errors_are_told(lab: StoredRun) -> None:
    model = trained(*lab.newest)
    units = model.dbn.layers[0].visible_units
    assert isinstance(units, Softmax)
    assert units.categories == CATEGORIES
    means = model.dbn.reconstruct(torch.rand(11, GROUPS * CATEGORIES))
    torch.testing.assert_close(means.view(11, GROUPS, CATEGORIES).sum(2), torch.ones(11, GROUPS))
    names = {point.name for point in lab.run.metrics()}
    assert {"recon_mse", "heldout_recon_mse", "free_energy_gap", "log_likelihood_exact", "test_error"} <= names
    errors = [p.value for p in lab.run.metrics() if p.name == "recon_mse" and p.position.stage == "layer1"]
    assert errors[-1] < 0.8 * errors[0]


def test_it_is_evaluated_as_any_other(lab: StoredRun) -> None:
    figures, note = evaluated(lab)
    assert note == ""
    assert {"log_likelihood_exact", "test_error_fine_tuned"} <= set(figures)
    # Each of 7 ratings alone has at most log 5 nats to say.
    assert -GROUPS * np.log(CATEGORIES) < figures["log_likelihood_exact"] < 0


def test_its_units_are_projected_and_their_lives_told(lab: StoredRun) -> None:
    for projection in ("linear_combination", "activation_maximisation", "clamp_and_sample_down"):
        answer = project(*lab.newest, 2, projection)
        assert answer["pixels"].shape == (11, GROUPS, CATEGORIES)
    assert unit_life(*lab.newest, 1, 5)["most"].shape == (16, GROUPS, CATEGORIES)


def test_whole_groups_may_be_held_in_a_dream_and_parts_of_them_may_not(lab: StoredRun) -> None:
    top, left = (DreamSettings(start="images", keep=keep, rows=1) for keep in ("top", "left"))
    assert dream_steps(*lab.newest, top, 0, 3)["pictures"].shape[2:] == (GROUPS, CATEGORIES)
    with pytest.raises(ConfigError, match="cuts through groups of softmax units; keep another half"):
        dream_steps(*lab.newest, left, 0, 3)
    with pytest.raises(ConfigError, match="a drawing is no state of softmax units"):
        dream_steps(*lab.newest, DreamSettings(start="drawing"), 0, 3, drawing=bytes([255] * GROUPS * CATEGORIES))


def test_a_picture_that_is_no_state_is_not_recognised(lab: StoredRun) -> None:
    assert recognise(*lab.newest, 3)["number"] == 3
    with pytest.raises(DataError, match="exactly one 1 among each 5 numbers in turn, the others 0, and this picture"):
        recognise(*lab.newest, Image.of(np.full((GROUPS, CATEGORIES), 255, dtype=np.uint8)))


def test_a_branch_goes_on_bit_for_bit_and_the_archive_brings_it_back(lab: StoredRun, tmp_path: Path) -> None:
    start, _ = branched_and_brought_back(lab, 1, tmp_path)
    with pytest.raises(ConfigError, match="categories"):
        lab.store.branch(lab.run, start.id, lab.run.info().config.with_values({"categories": 7}))


def test_grey_images_are_refused_where_the_run_starts(lab: StoredRun) -> None:
    config = RunConfig().with_values({"visible": "softmax", "categories": 7, "data.train_size": 100, "epochs": 1})
    run = lab.store.create_run(config, "digits", executor="foreground")
    assert train_run(lab.store.url, run.id) == RunStatus.FAILED
    said = run.info().message
    assert "exactly one 1 among each 7 numbers in turn, the others 0, and these images" in said


def test_a_notebook_trains_one_on_one_hot_rows() -> None:
    rows = torch.tensor(ratings(331)[0]).flatten(1) / 255
    rbm = RBM(GROUPS * CATEGORIES, 11, "softmax", categories=CATEGORIES, generator=torch.Generator().manual_seed(1))
    before = (rbm.reconstruct(rows) - rows).square().mean().item()
    assert train_rbm(rbm, rows, epochs=20, batch_size=20) == RunStatus.DONE
    assert (rbm.reconstruct(rows) - rows).square().mean().item() < 0.5 * before
    with pytest.raises(DataError, match="Choose visible = bernoulli, or other images"):
        train_rbm(rbm, torch.rand(20, GROUPS * CATEGORIES), epochs=1)


@pytest.mark.parametrize(
    ("values", "key", "sentence"),
    [
        ({"visible": "softmax"}, "categories", "softmax visible units come in groups; say how many units make one"),
        (
            {"categories": 3},
            "categories",
            "bernoulli visible units have none; leave it empty, or choose visible = soft",
        ),
        ({"visible": "softmax", "categories": 1}, "categories", "1 is not allowed; give a whole number from 2"),
        (
            {"visible": "softmax", "categories": 3, "data.preprocessing": "standard"},
            "data.preprocessing",
            "'standard' gives numbers outside 0 to 1, which softmax visible units cannot be; choose visible = gaussian",
        ),
        (
            {"visible": "softmax", "categories": 3, "labels.joint": True, "layers": [7]},
            "labels.joint",
            "the only RBM here sees softmax ones",
        ),
        ({"visible": "softmax", "categories": 3, "updown.epochs": 1, "layers": [7, 5]}, "updown.epochs", "give 0"),
        ({"visible": "softmax", "categories": 3, "vae.epochs": 1}, "vae.epochs", "choose visible = bernoulli"),
    ],
)
def test_settings_that_do_not_fit_categories_are_refused(values: dict[str, Any], key: str, sentence: str) -> None:
    refuse(values, key, sentence)
