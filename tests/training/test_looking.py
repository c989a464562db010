"""A question changes nothing: whether one looks after every update or never, the same is learnt, bit for bit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.records import Position, RunStatus
from dbn_core.training import finetune
from dbn_core.training.batches import Batches, Stretch
from dbn_core.training.checkpoints import unpack
from dbn_core.training.data import TrainingData
from dbn_core.training.few_labels import balanced, draw_seed, held_back
from dbn_core.training.learners.captured import Execution
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, Stage, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl, NullRecorder
from dbn_core.training.start import new_dbn
from tests.training.labelled import EVERY_UPDATE, NAMES, images, numbers, run, settings

SHAPE = (13, 11)  # large enough for the hybrid, which pools twice

EARLY_STOP: dict[str, object] = {
    "finetune.epochs": 7,
    "finetune.patience": 1,
    "finetune.learning_rate": 0.3,
    "finetune.dropout": 0.2,
}
VARIANTS: dict[str, dict[str, object]] = {
    "cd": {"likelihood.every": 1, "likelihood.temperatures": 11, "likelihood.chains": 7},
    "pcd, centred and sparse": {
        "training.method": "pcd",
        "training.chains": 17,
        "training.centring": True,
        "training.sparsity_target": 0.1,
        "training.propagate": "samples",
        "data.preprocessing": "bernoulli",
    },
    "fast pcd": {"training.method": "fpcd", "training.chains": 17},
    "tempering": {"training.method": "tempering", "training.chains": 17, "training.temperatures": 5},
    "mixed precision": {"precision": "mixed", "training.method": "pcd", "training.chains": 17, "updown.epochs": 2},
    "gaussian": {"visible": "gaussian", "data.preprocessing": "standard", "training.learn_variance": True},
    "softmax, learnt to classify": {"visible": "softmax", "categories": SHAPE[1], "labels.joint": True} | EARLY_STOP,
    "relu": {"hidden": "relu", "layers": [13], "training.learning_rate": 0.01},
    "stepped": {"hidden": "stepped", "layers": [13], "training.method": "pcd", "training.chains": 17},
    "together": {"training.order": "together", "training.propagate": "samples", "labels.joint": True},
    "up-down with labels": {"updown.epochs": 2, "labels.joint": True},
    "classifier": {"finetune.epochs": 2, "finetune.dropout": 0.2, "data.preprocessing": "bernoulli"},
    "classifier that stops early": EARLY_STOP,
    "classifier that goes back at its last epoch": EARLY_STOP | {"finetune.patience": 50},
    "classifier after up-down, sgd": EARLY_STOP | {"updown.epochs": 1, "finetune.optimiser": "sgd"},
    "frozen classifier": EARLY_STOP | {"finetune.mode": "frozen", "finetune.labels": 31, "finetune.patience": 2},
    "vae": {"vae.epochs": 2, "vae.hidden": 11, "vae.latent": 3},
    "hybrid": {"hybrid.epochs": 2, "hybrid.labels": 31},
    "few labels": {"fewlabels.seeds": 1, "fewlabels.updates": 3, "finetune.dropout": 0.2},
}


def pictures(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """uint8 (count, 143) noise with a bright bar at a height that its class decides, and the classes."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, len(NAMES), (count,), generator=generator)
    pixels = torch.randint(0, 90, (count, *SHAPE), generator=generator)
    for case, label in enumerate(labels.tolist()):
        pixels[case, 4 * label : 4 * label + 4] += 60
    return pixels.to(torch.uint8).reshape(count, -1), labels


def categories(images: tuple[torch.Tensor, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """The brightest pixel of each row as its category, one-hot."""
    pixels, labels = images
    brightest = pixels.reshape(-1, *SHAPE).argmax(2)
    return (255 * F.one_hot(brightest, SHAPE[1])).to(torch.uint8).reshape(len(pixels), -1), labels


def new(config: RunConfig, kind: type[StagedLearner] = StagedLearner, *, recipes: bool = False) -> StagedLearner:
    splits = [pictures(83, 3), pictures(41, 5)]
    if config.visible == "softmax":
        splits = [categories(split) for split in splits]
    data = TrainingData.of(config, splits[0], splits[1], NAMES, SHAPE)
    dbn = new_dbn(config, data.pixels, data.classes)
    return kind(dbn, data, config, torch.device("cpu"), Execution() if recipes else None)


class Watched(StagedLearner):
    """Asked everything there is to ask, twice over, at the start of a stage and after all updates."""

    stage: Stage

    def begin(self, stage: Stage) -> Batches:
        self.stage = stage
        batches = super().begin(stage)
        self.ask_everything(0.0)
        return batches

    def learn(self, stretch: Stretch) -> None:
        super().learn(stretch)
        self.ask_everything(stretch.when(stretch.first + stretch.count))

    def end_epoch(self, epoch: int) -> None:
        super().end_epoch(epoch)
        self.ask_everything(float(epoch))

    def ask_everything(self, epoch: float) -> None:
        position = Position(0, epoch, self.stage.name)
        questions: dict[str, Callable[[], Any]] = {
            "measure": self.measure,
            "score": lambda: self.score(max(1, int(epoch))),
            "is_done": self.is_done,
            "pictures": lambda: drawn(self.pictures(position)),
            "diagnose": lambda: told(self.diagnose(position, spectra=True)),
            "is_finite": self.is_finite,
            "products": lambda: raw(self.now.products()),
            "recipe": lambda: self.now.recipe() is None,
        }
        before, random = raw(self.state()), torch.get_rng_state()
        for name, question in questions.items():
            first = question()
            assert raw(self.state()) == before, f"{name} changed the state at epoch {epoch} of {self.stage.name}"
            assert repr(question()) == repr(first), f"{name} answers differently when asked again"
        assert torch.equal(torch.get_rng_state(), random)


def raw(tensors: dict[str, torch.Tensor]) -> dict[str, bytes]:
    return {name: tensor.detach().numpy().tobytes() for name, tensor in tensors.items()}


def drawn(drafts: list[Any]) -> list[bytes]:
    made = [draft.finish({name: t.numpy(force=True) for name, t in draft.tensors.items()}) for draft in drafts]
    return [np.asarray(snapshot.pixels).tobytes() for snapshot in made]


def told(diagnosis: tuple[list[Any], Any]) -> tuple[list[bytes], Any]:
    return drawn(diagnosis[0]), diagnosis[1]


def trained(learner: StagedLearner, config: RunConfig, recorder: MemoryRecorder | None) -> dict[str, bytes]:
    cadence = EVERY_UPDATE if recorder else Cadence(looks=False)
    status = train(learner, run_plan(config, cadence), config, recorder or NullRecorder(), NullControl())
    assert status is RunStatus.DONE
    return raw(learner.state())


@pytest.mark.parametrize("recipes", [False, True])
@pytest.mark.parametrize("variant", VARIANTS)
def test_looking_after_every_update_or_never_changes_no_bit_of_what_is_learnt(variant: str, recipes: bool) -> None:
    config = settings(**{"epochs": 2} | VARIANTS[variant])
    never = trained(new(config, recipes=recipes), config, None)
    recorded = trained(new(config, recipes=recipes), config, MemoryRecorder())
    assert recorded == never
    if not recipes:
        assert trained(new(config, Watched), config, None) == never


MODES: dict[str, dict[str, object]] = {
    "global": {"finetune.mode": "global", "finetune.learning_rate": 0.3},
    "frozen": {"finetune.mode": "frozen", "finetune.learning_rate": 0.2, "finetune.optimiser": "sgd"},
}


@pytest.mark.parametrize("patience", [2, 50])
@pytest.mark.parametrize("mode", MODES)
def test_a_notebook_gets_the_best_weights_whether_it_records_or_not(mode: str, patience: int) -> None:
    pixels, labels = images(307)
    labels = torch.where(torch.arange(307) % 3 == 0, labels.roll(1), labels)  # so that errors rise and fall
    dbn = DBN([35, 13], generator=torch.Generator().manual_seed(1))
    config = settings(**{"finetune.epochs": 12, "finetune.patience": patience} | MODES[mode])
    recorder = MemoryRecorder()
    recorded = finetune(dbn, pixels, labels, config, recorder=recorder)
    silent = finetune(dbn, pixels, labels, config)
    for name, parameter in recorded.state_dict().items():
        assert torch.equal(silent.state_dict()[name], parameter), name
    errors = numbers(recorder, "finetune", "validation_error")
    assert min(errors) < errors[-1], "the last epoch must not be the best one, or this shows nothing"
    assert (len(errors) < 12) == (patience == 2)
    _, aside = held_back(balanced(labels, None, NAMES, draw_seed(config), "finetune.labels"), labels)
    wrong = silent.classify(pixels[aside].float() / 255).argmax(1) != labels[aside]
    assert 100 * wrong.double().mean().item() == pytest.approx(min(errors))


def test_a_checkpoint_of_a_version_that_judged_when_asked_is_gone_on_from() -> None:
    """Its tally held the updates made and judged, the lowest error, and the epochs waited since."""
    config = settings(**EARLY_STOP | {"finetune.patience": 3, "finetune.epochs": 9})
    _, recorder, _ = run(config, cadence=EVERY_UPDATE)
    ends = [saved for saved in recorder.checkpoints if saved.position.stage == "finetune" and saved.keep == "epoch"]
    resumption = unpack(ends[0].payload)
    tensors = dict(resumption.tensors)
    best = {name: torch.full_like(t, 0.25) for name, t in tensors.items() if name.startswith("descent.best.")}
    assert best
    # An error of 0 cannot fall: with two epochs waited, the next one is the last.
    tally = torch.tensor([4.0, 4.0, 0.0, 2.0], dtype=torch.float64)
    resumption = type(resumption)(
        resumption.cursor, tensors | best | {"descent.tally": tally}, resumption.begun, stage=resumption.stage
    )
    learner, later, _ = run(config, resumption)
    assert later.rows[-1][0].epoch == ends[0].position.epoch + 1
    after = learner.state()
    for name, tensor in best.items():
        assert torch.equal(after[name.replace("descent.best.", "classifier.")], tensor), name
