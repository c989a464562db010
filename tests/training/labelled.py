"""Small labelled images that can be learnt, and a run on them."""

import torch

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.records import RunStatus
from dbn_core.training.checkpoints import Resumption, unpack
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl

SHAPE = (5, 7)
NAMES = ("left", "middle", "right")
EVERY_UPDATE = Cadence(checkpoint_seconds=0.0, cost_share=1e9)


def images(count: int, seed: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    """uint8 (count, 35) noise with a bright block at a place that its class decides, and the classes."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, len(NAMES), (count,), generator=generator)
    pixels = torch.randint(0, 90, (count, *SHAPE), generator=generator)
    for case, label in enumerate(labels.tolist()):
        pixels[case, 1:4, 2 * label : 2 * label + 3] += 120
    return pixels.to(torch.uint8).reshape(count, -1), labels


def settings(**flat: object) -> RunConfig:
    return RunConfig().with_values({"layers": [13, 11], "epochs": 1, "batch_size": 20} | flat)


def labelled(config: RunConfig, cases: int = 83, tests: int = 41) -> TrainingData:
    return TrainingData.of(config, images(cases), images(tests, seed=5), NAMES, SHAPE)


def staged(config: RunConfig, data: TrainingData | None = None) -> StagedLearner:
    generator = torch.Generator().manual_seed(config.seed)
    data = data or labelled(config)
    labels = len(NAMES) if config.labels.joint else 0
    dbn = DBN([35, *config.layers], labels, visible=config.visible, generator=generator)
    return StagedLearner(dbn, data, config, torch.device("cpu"))


def run(
    config: RunConfig, resumption: Resumption | None = None, cadence: Cadence | None = None
) -> tuple[StagedLearner, MemoryRecorder, RunStatus]:
    recorder, learner = MemoryRecorder(), staged(config)
    plan = run_plan(config, cadence or Cadence())
    return learner, recorder, train(learner, plan, config, recorder, NullControl(), resumption)


def assert_resumes_bit_for_bit(config: RunConfig, stage: str) -> None:
    """From every second checkpoint of the stage, a run ends with the very tensors of the undisturbed one."""
    undisturbed, recorder, _ = run(config, cadence=EVERY_UPDATE)
    expected = undisturbed.state()
    within = [saved for saved in recorder.checkpoints if saved.position.stage == stage]
    for saved in within[::2]:
        resumed, _, _ = run(config, unpack(saved.payload), EVERY_UPDATE)
        for name, tensor in resumed.state().items():
            assert torch.equal(tensor, expected[name]), (saved.position, name)


def numbers(recorder: MemoryRecorder, stage: str, name: str) -> list[float]:
    return [values[name] for position, values in recorder.rows if position.stage == stage and name in values]
