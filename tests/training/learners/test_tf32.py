"""TF32: the switch is on while a run learns and off while it is looked at, and what it rounds does no harm.

The processor has no TF32, so it is played: `PlayedTF32` heeds the very switch that CUDA's products heed.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch

from benchmarks.rounding import PlayedTF32, as_tf32
from dbn_core.config import RunConfig
from dbn_core.records import Position
from dbn_core.store import RunStore
from dbn_core.training.batches import Batch
from dbn_core.training.drafts import Draft
from dbn_core.training.learners.contrastive import ContrastiveLearner
from dbn_core.training.learners.learner import Values
from dbn_core.training.learners.matrix_products import products_in
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Stage, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl
from dbn_core.worker import train_run
from tests.stripes import stripes_log_likelihood
from tests.training.learners.test_captured import settings, staged
from tests.training.recording import TapeCapture
from tests.training.test_loop import PIXELS
from tests.training.test_stretches import UNHURRIED
from tests.waiting import PATIENCE

CUDA = torch.device("cuda")  # only a name here: nothing is computed on it


def switches() -> tuple[str, str]:
    """Of matrix products, and of convolutions."""
    convolutions = torch.backends.cudnn.conv  # pyright: ignore[reportAttributeAccessIssue]
    return str(torch.backends.cuda.matmul.fp32_precision), str(convolutions.fp32_precision)


class Watching(ContrastiveLearner):
    """Notes how the switch stands whenever it is asked for something."""

    seen: Mapping[str, set[str]]

    def note(self, what: str) -> None:
        assert len(set(switches())) == 1, "convolutions are made as matrix products are"
        self.seen[what].add(switches()[0])

    def step(self, batch: Batch, epoch: float) -> None:
        self.note("step")
        super().step(batch, epoch)

    def measure(self) -> Values:
        self.note("measure")
        return super().measure()

    def score(self, epoch: int) -> Values:
        self.note("score")
        return super().score(epoch)

    def pictures(self, position: Position) -> list[Draft]:
        self.note("pictures")
        return super().pictures(position)

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[list[Draft], Values]:
        self.note("diagnose")
        return super().diagnose(position, spectra=spectra)


class Watched(StagedLearner):
    """All its stages are watched."""

    seen: Mapping[str, set[str]]

    def _learner_of(self, stage: Stage) -> Watching:
        learner = Watching(self.dbn, self.data, self.config, self.device, self.generator)
        learner.seen = self.seen
        return learner


@pytest.mark.parametrize("precision", ["float32", "tf32"])
def test_the_switch_is_on_for_updates_and_off_for_whatever_is_reported(precision: str) -> None:
    config = settings("cd", precision=precision, epochs=1)
    learner = staged(config, Watched)
    assert isinstance(learner, Watched)
    learner.seen = {name: set() for name in ("step", "measure", "score", "pictures", "diagnose")}
    with products_in("float32", CUDA):
        train(learner, run_plan(config, UNHURRIED), config, MemoryRecorder(), NullControl())
    inside = "tf32" if precision == "tf32" else "ieee"
    assert learner.seen == {name: {inside if name == "step" else "ieee"} for name in learner.seen}


def test_updates_are_recorded_while_the_switch_is_on() -> None:
    class Noting(TapeCapture):
        precision: str = ""

        def rehearse(self, work: Callable[[], None]) -> None:
            self.precision = switches()[0]
            super().rehearse(work)

    config, capture = settings("tf32", epochs=1), Noting()
    train(staged(config, capture=capture), run_plan(config, UNHURRIED), config, MemoryRecorder(), NullControl())
    assert capture.precision == "tf32"


def test_the_switch_goes_back_to_where_it_was_also_after_an_error() -> None:
    before = switches()

    def broken() -> None:
        with products_in("tf32", CUDA):
            with products_in("float32", CUDA):
                assert switches() == ("ieee", "ieee")
            assert switches() == ("tf32", "tf32")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert switches() == before


def test_the_processors_own_products_are_left_alone() -> None:
    own = torch.backends.mkldnn.matmul  # pyright: ignore[reportAttributeAccessIssue]
    before = own.fp32_precision
    with products_in("tf32", CUDA):
        assert own.fp32_precision == before


def test_a_likelihood_in_another_thread_waits_until_updates_in_tf32_are_asked_for() -> None:
    order: list[str] = []

    def measure() -> None:
        with products_in("float32", CUDA):
            order.append(switches()[0])

    with products_in("tf32", CUDA):
        other = threading.Thread(target=measure)
        other.start()
        other.join(0.05)  # it could have come in by now
        order.append(switches()[0])
    other.join()
    assert order == ["tf32", "ieee"]


def test_on_the_processor_nobody_waits_for_anybody() -> None:
    inside = threading.Event()

    def measure() -> None:
        with products_in("float32", torch.device("cpu")):
            inside.set()

    with products_in("tf32", CUDA):
        other = threading.Thread(target=measure)
        other.start()
        assert inside.wait(PATIENCE)
    other.join()


def test_a_machine_without_tf32_refuses_with_one_sentence(tmp_path: Path) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'lab.db'}")
    config = RunConfig().with_values({"precision": "tf32", "device": "cpu", "data.name": "digits"})
    run = store.create_run(config, executor="foreground")
    assert train_run(store.url, run.id) == "failed"
    assert run.info().message == (
        "precision is tf32 but this machine's cpu makes no products in TF32, which takes an NVIDIA GPU of compute "
        "capability 8.0 or more; choose float32."
    )
    assert run.info().config == config == RunConfig.from_json(config.model_dump_json())


# -- what it does to what is learnt -----------------------------------------------------------------------------------


def test_a_factor_keeps_eleven_significant_bits() -> None:
    x = torch.randn(10_007, generator=torch.Generator().manual_seed(1))
    assert torch.equal(as_tf32(torch.tensor([0.0, 1.0, -1.0, 1 + 2**-10])), torch.tensor([0.0, 1.0, -1.0, 1 + 2**-10]))
    assert as_tf32(torch.tensor(1 + 2**-11)) == 1
    off = ((as_tf32(x) - x) / x).abs().max()
    assert 2**-11 < off < 2**-10


def test_bars_and_stripes_are_learnt_as_well_as_in_float32() -> None:
    """By exact likelihood: the best there is is -log 14 = -2.639 nats."""
    reached = {"float32": stripes_log_likelihood("float32")}
    with PlayedTF32():
        reached["tf32"] = stripes_log_likelihood("tf32")
    assert reached["float32"] != reached["tf32"]  # it was in force
    assert min(reached.values()) > -3.0
    assert abs(reached["tf32"] - reached["float32"]) < 0.1


def test_the_monitor_tells_of_a_run_in_tf32_what_float64_tells() -> None:
    config = settings("tf32", layers=[13], epochs=3, **{"training.learning_rate": 0.3})
    learner, recorder = staged(config), MemoryRecorder()
    with PlayedTF32():
        train(learner, run_plan(config, UNHURRIED), config, recorder, NullControl())
    v = PIXELS[:83].float() / 255
    with PlayedTF32(), products_in("tf32", CUDA):
        rounded = (learner.dbn.reconstruct(v) - v).square().mean().item()
    v = v.double()
    truth = (learner.dbn.double().reconstruct(v) - v).square().mean().item()
    assert recorder.rows[-1][1]["recon_mse"] == pytest.approx(truth, rel=1e-6)
    assert rounded != pytest.approx(truth, rel=1e-6), "a leak would be seen"
