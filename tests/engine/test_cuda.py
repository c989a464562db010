"""On a CUDA device: graphs teach as single updates do, nothing waits within an epoch, and results are the processor's.

Skipped where there is none; `test_captured.py` proves on the processor what can be proved there.
"""

import warnings

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.training.batches import Batch, Stretch
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.captured import Execution, GraphCapture, Repeater
from dbn_core.training.learners.learner import Recipe
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl, ScriptedControl
from dbn_core.training.rules.scalars import Scalar
from tests.engine.test_captured import CHANGES, LABELS, VARIANTS, settings
from tests.engine.test_loop import PIXELS, record
from tests.engine.test_stretches import UNHURRIED

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and this machine has none")

NAMES = tuple("abcdefg")


def staged(config: RunConfig, device: str, *, graphs: bool = True) -> StagedLearner:
    data = TrainingData.of(config, (PIXELS[:83], LABELS[:83]), (PIXELS[83:], LABELS[83:]), NAMES, (5, 7), device)
    dbn = DBN(
        [35, *config.layers],
        len(NAMES) if config.labels.joint else 0,
        visible=config.visible,
        generator=torch.Generator().manual_seed(config.seed),
        device=device,
    )
    return StagedLearner(dbn, data, config, torch.device(device), None if graphs else Execution())


def trained(config: RunConfig, device: str, *, graphs: bool = True) -> StagedLearner:
    learner = staged(config, device, graphs=graphs)
    control = ScriptedControl({step: [record(step, change)] for step, change in CHANGES.items()})
    train(learner, run_plan(config, UNHURRIED), config, MemoryRecorder(), control)
    return learner


@pytest.mark.parametrize("variant", VARIANTS)
def test_graphs_teach_the_same_as_single_updates(variant: str, caplog: pytest.LogCaptureFixture) -> None:
    config = settings(variant)
    replayed, single = (trained(config, "cuda", graphs=graphs) for graphs in (True, False))
    assert caplog.messages == [], "nothing fell back"
    for name, parameter in single.dbn.state_dict().items():
        torch.testing.assert_close(replayed.dbn.state_dict()[name], parameter, rtol=1e-5, atol=1e-6)
    assert torch.equal(replayed.generator.get_state(), single.generator.get_state()), "the same random numbers"


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_makes_the_host_wait_within_an_epoch(variant: str) -> None:
    config = settings(variant)
    learner = staged(config, "cuda")
    stage = run_plan(config).stages[0]
    with torch.no_grad():
        batches = learner.begin(stage)
        learner.configure(config)
        learner.learn(Stretch(batches, batches.order(0), 0, 0, batches.count))  # records
        learner.settle()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch calls this mode a prototype
            torch.cuda.set_sync_debug_mode("error")
        try:
            for epoch in (1, 2):
                learner.learn(Stretch(batches, batches.order(epoch), epoch, 0, batches.count))
        finally:
            torch.cuda.set_sync_debug_mode("default")
    assert learner.is_finite()


def test_without_chance_the_device_learns_what_the_processor_learns() -> None:
    """Visible units that are surely on, and hidden ones that are surely off: no draw decides anything."""
    config = settings("cd", layers=[13], epochs=1, **{"training.initial_hidden_bias": -20.0})
    parameters = []
    for device in ("cpu", "cuda"):
        learner = staged(config, device)
        train(learner, run_plan(config, UNHURRIED), config, MemoryRecorder(), NullControl())
        parameters.append({name: tensor.cpu() for name, tensor in learner.dbn.state_dict().items()})
    for name, expected in parameters[0].items():
        torch.testing.assert_close(parameters[1][name], expected, rtol=1e-4, atol=1e-5)


def test_with_chance_the_device_learns_as_well_as_the_processor() -> None:
    config = settings("pcd, centred and sparse", layers=[13], epochs=20)
    errors = []
    for device in ("cpu", "cuda"):
        learner, recorder = staged(config, device), MemoryRecorder()
        train(learner, run_plan(config, UNHURRIED), config, recorder, NullControl())
        errors.append(recorder.rows[-1][1]["recon_mse"])
    assert errors[1] == pytest.approx(errors[0], rel=0.1)


def test_samples_are_on_as_often_as_their_probabilities_say() -> None:
    probability = torch.linspace(0, 1, 101, device="cuda")
    generator = torch.Generator("cuda").manual_seed(3)
    drawn = sample_bernoulli(probability.expand(100_000, -1).contiguous(), generator)
    deviation = (probability * (1 - probability) / 100_000).sqrt()
    assert ((drawn.mean(0) - probability).abs() <= 5 * deviation + 1e-6).all()
    assert drawn[:, 0].sum() == 0
    assert drawn[:, -1].sum() == 100_000


def test_a_recording_that_breaks_off_leaves_the_device_usable(caplog: pytest.LogCaptureFixture) -> None:
    config = settings("cd", layers=[13])
    learner = staged(config, "cuda")
    stage = run_plan(config).stages[0]
    with torch.no_grad():
        batches = learner.begin(stage)
        recipe = learner.recipe()
        assert recipe is not None
        capture = GraphCapture(learner.device, learner.generator)
        repeater = Repeater(batches, asking(recipe), learner.generator, capture)
        for epoch in (0, 1):
            repeater.make(Stretch(batches, batches.order(epoch), epoch, 0, batches.count))
    torch.cuda.synchronize()
    assert len([message for message in caplog.messages if "one by one" in message]) == 1
    assert learner.is_finite()
    torch.rand(3, device="cuda", generator=learner.generator)


def asking(recipe: Recipe) -> Recipe:
    """The recipe with a question to the device, which no graph can hold."""

    def update(batch: Batch, rate: Scalar, momentum: Scalar) -> None:
        recipe.update(batch, rate, momentum)
        assert float(rate) > 0

    return Recipe(recipe.rates, update)
