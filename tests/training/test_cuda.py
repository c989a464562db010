"""On a CUDA device: graphs teach as single updates do, nothing waits within an epoch, and results are the processor's.

And of what is told: TF32 rounds updates and nothing else, and snapshots are those of their moment.

Skipped where there is none; `test_captured.py` proves on the processor what can be proved there.
"""

import gc
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.errors import DivergedError
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.records import Position, Snapshot
from dbn_core.training.batches import Batch, Stretch
from dbn_core.training.drafts import CudaCopier, Delivery
from dbn_core.training.learners.captured import Execution, GraphCapture, Repeater
from dbn_core.training.learners.learner import Recipe
from dbn_core.training.learners.matrix_products import has_tf32_products, products_in
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.pictures import quantise
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl, ScriptedControl
from dbn_core.training.rules.scalars import Scalar
from tests.stripes import stripes_log_likelihood
from tests.training.learners import test_captured
from tests.training.learners.test_captured import CHANGES, VARIANTS, settings
from tests.training.test_loop import PIXELS, record
from tests.training.test_stretches import UNHURRIED

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and this machine has none")


def staged(config: RunConfig, device: str, *, graphs: bool = True) -> StagedLearner:
    return test_captured.staged(config, capture=None if graphs else Execution(), device=device)


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


def test_what_is_no_number_is_never_on_and_leaves_the_device_usable() -> None:
    probability = torch.tensor([torch.nan, 1.0, torch.nan, 0.0], device="cuda")
    assert sample_bernoulli(probability).tolist() == [0.0, 1.0, 0.0, 0.0]


def test_a_run_that_diverges_is_told_of_and_leaves_the_device_usable() -> None:
    config = settings("cd", layers=[13])
    learner = staged(config, "cuda")
    learner.dbn.layers[0].W.fill_(torch.nan)
    with pytest.raises(DivergedError):
        train(learner, run_plan(config, UNHURRIED), config, MemoryRecorder(), NullControl())
    assert torch.ones(3, device="cuda").sum() == 3


def test_a_recording_keeps_what_it_was_recorded_from() -> None:
    """A graph knows addresses only: were its tensors freed, whoever got their memory next would be written into."""
    device = torch.device("cuda")

    def recorded() -> Callable[[], None]:
        total = torch.zeros(1 << 20, device=device)

        def work() -> None:
            total.add_(1)

        return GraphCapture(device, torch.Generator(device)).record(work)

    replay = recorded()
    gc.collect()
    others = [torch.full((1 << 20,), 7.0, device=device) for _ in range(4)]
    replay()
    assert all(bool((other == 7).all()) for other in others)


def test_a_recording_that_breaks_off_leaves_the_device_usable(caplog: pytest.LogCaptureFixture) -> None:
    config = settings("cd", layers=[13])
    learner = staged(config, "cuda")
    stage = run_plan(config).stages[0]
    with torch.no_grad():
        batches = learner.begin(stage)
        recipe = learner.now.recipe()
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


# -- TF32 -------------------------------------------------------------------------------------------------------------

needs_tf32 = pytest.mark.skipif(not has_tf32_products(torch.device("cuda")), reason="needs compute capability 8.0")


@needs_tf32
def test_products_are_rounded_where_tf32_is_asked_for_and_nowhere_else() -> None:
    generator = torch.Generator("cuda").manual_seed(3)
    a, b = (torch.randn(shape, device="cuda", generator=generator) for shape in ((211, 509), (509, 307)))
    truth, off = a.double() @ b.double(), {}
    for precision in ("float32", "tf32", "mixed"):
        with products_in(precision, a.device):
            off[precision] = ((a @ b - truth).norm() / truth.norm()).item()
    assert max(off["float32"], off["mixed"]) < 1e-6
    assert 1e-5 < off["tf32"] < 2**-10


@needs_tf32
def test_a_graph_keeps_the_products_it_was_recorded_with() -> None:
    generator = torch.Generator("cuda").manual_seed(3)
    a, b = (torch.randn(shape, device="cuda", generator=generator) for shape in ((211, 509), (509, 307)))
    made = torch.empty(211, 307, device="cuda")

    def work() -> None:
        torch.mm(a, b, out=made)

    with products_in("tf32", a.device):
        replay = GraphCapture(a.device, generator).record(work)
    made.zero_()
    with products_in("float32", a.device):
        replay()
    truth = a.double() @ b.double()
    assert 1e-5 < (made - truth).norm() / truth.norm() < 2**-10


@needs_tf32
def test_bars_and_stripes_are_learnt_in_tf32_as_well_as_in_float32() -> None:
    """By exact likelihood in float64, within a tenth of a nat; the best there is is -log 14 = -2.639 nats."""
    reached = {precision: stripes_log_likelihood(precision, "cuda") for precision in ("float32", "tf32")}
    assert min(reached.values()) > -3.0
    assert abs(reached["tf32"] - reached["float32"]) < 0.1


@needs_tf32
def test_the_monitor_tells_of_a_run_in_tf32_what_float32_tells() -> None:
    config = settings("tf32", layers=[13], epochs=3, **{"training.learning_rate": 0.3})
    learner, recorder = staged(config, "cuda"), MemoryRecorder()
    train(learner, run_plan(config, UNHURRIED), config, recorder, NullControl())
    v = PIXELS[:83].double() / 255
    truth = (learner.dbn.double().cpu().reconstruct(v) - v).square().mean().item()
    assert recorder.rows[-1][1]["recon_mse"] == pytest.approx(truth, rel=1e-6)


# -- snapshots --------------------------------------------------------------------------------------------------------


def test_a_picture_shows_the_weights_of_its_moment_though_updates_go_on_and_nothing_waits() -> None:
    config = settings("cd", layers=[13])
    learner = staged(config, "cuda")
    stage = run_plan(config).stages[0]
    received: list[Snapshot] = []
    delivery = Delivery(received.append, CudaCopier(learner.device))
    with torch.no_grad():
        batches = learner.begin(stage)
        learner.configure(config)
        for epoch in (0, 1):  # records; warms up what draws
            learner.learn(Stretch(batches, batches.order(epoch), epoch, 0, batches.count))
            delivery.send(learner.pictures(Position()))
        delivery.flush()
        learner.settle()
        expected, scale = quantise(learner.dbn.layers[0].W)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch calls this mode a prototype
            torch.cuda.set_sync_debug_mode("error")
        try:
            delivery.send(learner.pictures(Position(7)))
            learner.learn(Stretch(batches, batches.order(2), 2, 0, batches.count))
        finally:
            torch.cuda.set_sync_debug_mode("default")
        delivery.flush()
    newest = next(one for one in received if one.info.position.step == 7 and one.info.kind == "filters")
    assert np.array_equal(newest.pixels.reshape(13, 35), expected)
    assert newest.info.scale == scale
    assert not np.array_equal(expected, quantise(learner.dbn.layers[0].W)[0]), "the weights have moved on"


def test_a_parameter_in_a_frame_is_that_of_its_moment() -> None:
    """The copy within the device is made before the next update, however long the way to the host takes."""
    copier, values = CudaCopier(torch.device("cuda")), torch.arange(1_000_003, device="cuda", dtype=torch.float32)
    copies = []
    for _ in range(3):
        copies.append(copier.copy([{"values": values}]))
        values.add_(1)
    for moment, copy in enumerate(copies):
        assert np.array_equal(copy.arrays()[0]["values"], np.arange(1_000_003, dtype=np.float32) + moment)


@pytest.mark.parametrize("variant", ["cd", "together", "tf32"])
def test_a_run_hands_over_every_snapshot_in_order(variant: str) -> None:
    config = settings(variant)
    cadence, told = replace(UNHURRIED, picture_seconds=0.0), []
    for device in ("cpu", "cuda"):
        learner, recorder = staged(config, device), MemoryRecorder()
        train(learner, run_plan(config, cadence), config, recorder, NullControl())
        told.append([(one.info.kind, one.info.position, one.info.shape) for one in recorder.snapshots])
    kinds = [[one for one in snapshots if one[0] != "diagnostics"] for snapshots in told]  # compressed: sizes differ
    assert kinds[0] == kinds[1]
    assert len(told[0]) == len(told[1])
