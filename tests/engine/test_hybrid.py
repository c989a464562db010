"""The hybrid: any number of features, each input where it belongs, exact resumption."""

import pytest
import torch

from dbn_core.models import DBN, HybridModel
from dbn_core.training.checkpoints import unpack
from dbn_core.training.learners.hybrids import HybridLearner
from dbn_core.training.plan import Stage
from tests.engine.labelled import EVERY_UPDATE, images, numbers, run, settings, staged


@pytest.mark.parametrize("features", [1, 13, 783, 784, 1009])
@pytest.mark.parametrize("shape", [(5, 7), (11, 4, 3)])
def test_any_number_of_features_becomes_a_map(features: int, shape: tuple[int, ...]) -> None:
    model = HybridModel(features, shape, 3, generator=torch.Generator().manual_seed(1))
    x, v = torch.rand(2, features), torch.rand(2, torch.Size(shape).numel())
    channels = shape[2] if len(shape) == 3 else 1
    maps = model.maps(x, v)
    assert maps.shape == (2, channels + 1, shape[0], shape[1])
    assert model(x, v).shape == (2, 3)
    assert model.project is not None
    torch.testing.assert_close(maps[:, -1].flatten(1), model.project(x))


def test_channels_of_a_colour_image_come_first_and_stay_in_place() -> None:
    model = HybridModel(5, (7, 11, 3), 2)
    v = torch.rand(2, 7 * 11 * 3)
    maps = model.maps(torch.rand(2, 5), v)
    assert torch.equal(maps[1, 2, 4, 6], v.reshape(2, 7, 11, 3)[1, 4, 6, 2])


def test_each_kind_of_input_sees_what_it_says() -> None:
    x, v = torch.rand(2, 13), torch.rand(2, 35)
    blind = HybridModel(13, (5, 7), 3, "features", generator=torch.Generator().manual_seed(1))
    assert torch.equal(blind(x, None), blind(x, v))
    plain = HybridModel(13, (5, 7), 3, "images", generator=torch.Generator().manual_seed(1))
    assert torch.equal(plain(None, v), plain(x, v))
    both = HybridModel(13, (5, 7), 3, "both")
    with pytest.raises(ValueError, match="needs the features"):
        both(None, v)
    with pytest.raises(ValueError, match="needs the images"):
        both(x, None)


@pytest.mark.parametrize(
    ("features", "shape", "classes", "sentence"),
    [(5, (3, 9), 3, "at least 4 x 4"), (5, (5, 7), 1, "at least 2 classes"), (0, (5, 7), 3, "no features")],
)
def test_what_cannot_be_built_is_refused(features: int, shape: tuple[int, ...], classes: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        HybridModel(features, shape, classes)


@pytest.mark.parametrize("inputs", ["features", "images", "both"])
def test_it_learns_from_each_kind_of_input(inputs: str) -> None:
    config = settings(**{"layers": [13], "epochs": 3, "hybrid.epochs": 25, "hybrid.inputs": inputs})
    learner, recorder, _ = run(config.with_values({"hybrid.learning_rate": 0.005}))
    losses = numbers(recorder, "hybrid", "loss")
    assert losses[-1] < 0.7 * losses[0]
    tensors = learner.state()
    model = HybridModel(13, (5, 7), 3, config.hybrid.inputs)
    model.load_state_dict({name: tensors[f"hybrid.{name}"] for name in model.state_dict()})
    dbn = DBN([35, 13])
    for name, parameter in dbn.layers[0].named_parameters():
        parameter.copy_(tensors[f"layer1.{name}"])
    pixels, labels = images(41, seed=5)
    v = pixels.float() / 255
    wrong = (model(dbn.features(v), v).argmax(1) != labels).double().mean().item()
    assert numbers(recorder, "hybrid", "test_error")[-1] == pytest.approx(100 * wrong)


def test_resuming_gives_the_same_hybrid_bit_for_bit() -> None:
    config = settings(**{"hybrid.epochs": 2, "hybrid.labels": 47})
    undisturbed, recorder, _ = run(config, cadence=EVERY_UPDATE)
    expected = undisturbed.state()
    within = [saved for saved in recorder.checkpoints if saved.position.stage == "hybrid"]
    for saved in within[::2]:
        resumed, _, _ = run(config, unpack(saved.payload), EVERY_UPDATE)
        for name, tensor in resumed.state().items():
            assert torch.equal(tensor, expected[name]), (saved.position, name)


def test_the_dbn_stands_still() -> None:
    learner = staged(settings(**{"epochs": 0, "hybrid.epochs": 1}))
    batches = learner.begin(Stage("hybrid", 0, 1, 0))
    assert isinstance(learner.now, HybridLearner)
    before = [parameter.clone() for parameter in learner.dbn.parameters()]
    learner.step(batches.batch(batches.order(0), 0, learner.generator), 0.0)
    for mine, earlier in zip(learner.dbn.parameters(), before, strict=True):
        assert torch.equal(mine, earlier)
