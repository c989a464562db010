"""Dreams of a trained network, part by part."""

from typing import Any

import numpy as np
import pytest
import torch

from dbn_core.config.dreaming import DreamSettings
from dbn_core.errors import ConfigError, ModelError
from dbn_core.inference import dream_steps, interpolate
from dbn_core.inference.dreams import Chains
from dbn_core.inference.generative_net import dream_many, generative_net
from dbn_core.inference.loading import Trained, restored, trained
from dbn_core.questions.dreaming import Dreamt
from dbn_core.records import Position
from dbn_core.training.learners.relay import dbn_tensors
from tests.inference.training import StoredRun, trained_in_a_store

LABELLED = {
    "data.train_size": 700,
    "layers": [31, 37],
    "epochs": 2,
    "batch_size": 20,
    "labels.joint": True,
    "updown.epochs": 1,
}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return trained_in_a_store(tmp_path_factory, "labelled", LABELLED)


def model_of(source: StoredRun) -> Trained:
    return trained(*source.newest)


def dream(source: StoredRun, count: int = 7, **settings: Any) -> Dreamt:
    return dream_steps(*source.newest, DreamSettings.from_dict({"rows": 2, "steps": 40, **settings}), 0, count)


# -- parts ------------------------------------------------------------------------------------------------------------


def test_a_dream_in_parts_is_the_dream_at_once(labelled: StoredRun) -> None:
    settings = DreamSettings(rows=3, steps=30, label="each", start_temperature=2.0)
    whole = dream_steps(*labelled.newest, settings, 0, 11)
    first = dream_steps(*labelled.newest, settings, 0, 5)
    rest = dream_steps(*labelled.newest, settings, 5, 6, first["state"])
    assert whole["pictures"].shape == (11, 30, 28, 28)
    assert np.array_equal(whole["pictures"], np.concatenate([first["pictures"], rest["pictures"]]))
    assert np.array_equal(whole["free_energy"], np.concatenate([first["free_energy"], rest["free_energy"]]))
    assert rest["state"].step == 10


def test_another_seed_is_another_dream(labelled: StoredRun) -> None:
    assert not np.array_equal(dream(labelled)["pictures"], dream(labelled, seed=1)["pictures"])


def test_cooling_chains_find_what_the_network_holds_probable(labelled: StoredRun) -> None:
    energy = dream(labelled, 41, start_temperature=10.0)["free_energy"]
    assert energy[20:].mean() < energy[0].mean() - 10


# -- labels -----------------------------------------------------------------------------------------------------------


def test_each_class_has_a_column_and_its_label_is_held(labelled: StoredRun) -> None:
    model = model_of(labelled)
    chains = Chains(model, DreamSettings(rows=2, label="each"))
    chains.begin(None)
    chains.picture(3)
    v = chains._seen[1]
    assert v[:, -10:].argmax(1).tolist() == list(range(10)) * 2
    assert chains.classes == list(range(10))


def test_many_dreams_of_a_class_are_those_of_the_model_itself(labelled: StoredRun) -> None:
    model = model_of(labelled)
    assert model.untied is not None
    for label in (None, 3):
        held = None if label is None else torch.full((53,), label)
        many = dream_many(generative_net(model), 53, 7, held, torch.Generator().manual_seed(1))
        own = model.untied.sample(53, 7, label, generator=torch.Generator().manual_seed(1))
        assert torch.equal(many, own)


@pytest.mark.parametrize("source", ["trained_run", "labelled", "single"])
def test_a_watched_dream_starts_where_a_scored_one_does(source: str, request: pytest.FixtureRequest) -> None:
    model = model_of(request.getfixturevalue(source))
    chains = Chains(model, DreamSettings(rows=2, seed=3))
    chains.begin(None)
    scored = dream_many(chains.net, 20, 0, generator=torch.Generator().manual_seed(3))
    assert np.array_equal(chains.picture(0)[0], chains.pixels(scored))


def test_after_up_down_the_generative_weights_dream(labelled: StoredRun) -> None:
    model = model_of(labelled)
    net = generative_net(model)
    features = torch.rand(7, 31, generator=torch.Generator().manual_seed(1))
    assert model.untied is not None
    torch.testing.assert_close(net.down(features), model.untied.down(features))
    assert (net.down(features) - model.dbn.down(features, 1)).abs().max() > 1e-4


# -- where chains start, and what is held -----------------------------------------------------------------------------


def test_chains_start_from_held_out_images_of_their_columns_class(labelled: StoredRun) -> None:
    data = model_of(labelled).data
    first = dream(labelled, 1, start="images", number=3)["pictures"][0].reshape(20, -1)
    for chain, picture in enumerate(first):
        place = (data.heldout == torch.from_numpy(picture)).all(1).nonzero()[0, 0]
        assert data.heldout_labels[place] == chain % 10
    assert len({picture.tobytes() for picture in first}) == 20


@pytest.mark.parametrize("source", ["trained_run", "labelled", "single"])
@pytest.mark.parametrize("keep", ["left", "bottom"])
def test_completion_keeps_its_half_and_dreams_the_other(source: str, keep: str, request: pytest.FixtureRequest) -> None:
    pictures = dream(request.getfixturevalue(source), 9, start="images", keep=keep)["pictures"]
    half = (slice(None), slice(0, 14)) if keep == "left" else (slice(14, None), slice(None))
    known = pictures[:, :, half[0], half[1]]
    assert np.array_equal(known, np.broadcast_to(known[0], known.shape))
    assert np.abs(pictures[8].astype(int) - pictures[0]).max() > 50


def test_a_drawing_starts_every_chain(labelled: StoredRun) -> None:
    drawing = bytes(range(196)) * 4
    dreamt = dream_steps(*labelled.newest, DreamSettings(rows=1, start="drawing"), 0, 2, None, drawing)
    assert all(picture.tobytes() == drawing for picture in dreamt["pictures"][0])
    assert len({picture.tobytes() for picture in dreamt["pictures"][1]}) > 1


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    settings = {"data.train_size": 300, "layers": [29], "epochs": 1, "visible": "gaussian"}
    settings |= {"data.preprocessing": "standard", "training.learning_rate": 0.01}
    return trained_in_a_store(tmp_path_factory, "single", settings)


def test_gaussian_visible_units_dream_in_pixels(single: StoredRun) -> None:
    dreamt = dream(single)
    assert dreamt["pictures"].shape == (7, 20, 28, 28)
    assert np.isfinite(dreamt["free_energy"]).all()
    assert dreamt["pictures"][3:].max() > 60


# -- temperature ------------------------------------------------------------------------------------------------------


def test_the_temperature_falls_over_the_first_half_and_stays() -> None:
    settings = DreamSettings(steps=100, temperature=1.0, start_temperature=4.0)
    assert settings.temperature_at(1) == pytest.approx(4.0)
    assert settings.temperature_at(26) == pytest.approx(2.0)
    assert settings.temperature_at(51) == settings.temperature_at(100) == 1.0


def test_pictures_are_evenly_spaced_and_the_last_is_the_end() -> None:
    settings = DreamSettings(steps=230)
    steps = [settings.step_of(picture) for picture in range(settings.pictures)]
    assert (steps[0], steps[1], steps[-1]) == (0, 3, 230)
    assert len(steps) <= 101


# -- between two images -----------------------------------------------------------------------------------------------


def test_an_interpolation_begins_and_ends_at_the_reconstructions(trained_run: StoredRun) -> None:
    model = model_of(trained_run)
    path = interpolate(*trained_run.newest, ((3, 0), (8, 2)), 5)
    cases = [(model.data.heldout_labels == label).nonzero()[:, 0] for label in (3, 8)]
    rows = model.data.heldout[[int(cases[0][0]), int(cases[1][2])]]
    expected = model.dbn.reconstruct(model.data.preprocessing.mean(rows)).mul(255)
    through, plain = path["pictures"].reshape(2, 5, -1)
    assert np.abs(through[[0, 4]] - expected.numpy()).max() < 1
    assert np.array_equal(plain[[0, 4]], rows.numpy())
    assert path["distance"][1] == pytest.approx(np.full(4, path["distance"][1][0]), rel=1e-4)


# -- what cannot be done ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"label": "each"}, "no label units"),
        ({"label": 3}, "no label units"),
        ({"keep": "left"}, "no image to keep half of"),
        ({"start": "drawing"}, "no drawing yet"),
        ({"temperature": 2.0}, "annealing cools"),
        ({"rows": 99}, "rows: Input should be less than or equal to 10, not 99"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_wishes_that_cannot_be_granted_are_refused(
    trained_run: StoredRun, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        dream(trained_run, **settings)


def test_a_class_or_a_drawing_that_is_not_there_is_refused(labelled: StoredRun) -> None:
    with pytest.raises(ConfigError, match="there is no class 10; choose one from 0 to 9"):
        dream(labelled, label=10)
    with pytest.raises(ConfigError, match="there is no class 11"):
        interpolate(*labelled.newest, ((1, 0), (11, 0)))
    with pytest.raises(ConfigError, match="all black"):
        dream_steps(*labelled.newest, DreamSettings(start="drawing"), 0, 1, None, bytes(784))


def test_layers_that_are_not_trained_yet_are_left_out(labelled: StoredRun) -> None:
    whole = model_of(labelled)
    tensors = {name: tensor.clone() for name, tensor in dbn_tensors(whole.dbn).items()}
    early = restored(whole.config, Position(9, 1.0, "layer1"), tensors)
    net = generative_net(early)
    assert (net.below, net.n_labels, net.top.n_hidden) == (0, 0, 31)
    with pytest.raises(ConfigError, match="no label units at this epoch"):
        Chains(early, DreamSettings(label="each"))


def test_a_run_without_generative_layers_says_so(labelled: StoredRun) -> None:
    whole = model_of(labelled)
    config = whole.config.with_values({"epochs": 0, "updown.epochs": 0, "vae.epochs": 1, "labels.joint": False})
    with pytest.raises(ModelError, match="trained no layer as a generative model"):
        generative_net(Trained(whole.dbn, config, whole.position, whole.data))
