"""The hybrid as a stage of a run: it learns from each kind of input, goes on bit for bit, leaves the DBN alone."""

import pytest
import torch

from dbn_core.models import DBN, HybridModel
from dbn_core.training.learners.hybrids import HybridLearner
from dbn_core.training.plan import Stage
from tests.training.labelled import assert_resumes_bit_for_bit, images, numbers, run, settings, staged


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
    assert_resumes_bit_for_bit(config, "hybrid")


def test_the_dbn_stands_still() -> None:
    learner = staged(settings(**{"epochs": 0, "hybrid.epochs": 1}))
    batches = learner.begin(Stage("hybrid", 0, 1, 0))
    assert isinstance(learner.now, HybridLearner)
    before = [parameter.clone() for parameter in learner.dbn.parameters()]
    learner.now.step(batches.batch(batches.order(0), 0, learner.generator), 0.0)
    for mine, earlier in zip(learner.dbn.parameters(), before, strict=True):
        assert torch.equal(mine, earlier)
