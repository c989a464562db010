"""The judge of generated images: a small convolutional network, trained once on a data set's own training images.

It reads the class and gives 64 features, in which distances mean more than between pixels. One class more stands for
images that are none: each pixel from a training image of its own. Without it noise would lie amid the digits, since a
network that never saw any has no feature for it. Kept as safetensors in the folder of data sets, under `cache`; where
that cannot be written, only in memory.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from dbn_core.data import data_folder
from dbn_core.training.data import TrainingData

log = logging.getLogger(__name__)

FEATURES = 64
MOST = 20_000  # training images, evenly spread over the data set
UPDATES = 1000
BATCH = 64
NOISE = 16  # images of noise to a batch
RATE = 2e-3
FORM = 3  # of the network and its training: a change of either makes kept ones stale


class Judge(nn.Module):
    """Two pooled convolutions, 64 rectified features, a linear read-out of the classes and of noise."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, 16, 5, padding=2)
        self.second = nn.Conv2d(16, 32, 3, padding=1)
        self.features = nn.Linear(32 * 16, FEATURES)
        self.classes = nn.Linear(FEATURES, classes + 1)  # the last one: noise

    def embed(self, images: Tensor) -> Tensor:
        """(cases, 64) features of (cases, channels, height, width) in [0, 1]."""
        x = F.max_pool2d(F.relu(self.first(images)), 2)
        # To 4 x 4 whatever the size of the images.
        x = F.adaptive_max_pool2d(F.relu(self.second(x)), 4)
        return F.relu(self.features(x.flatten(1)))

    def forward(self, images: Tensor) -> Tensor:
        """Logits of the classes, and of noise."""
        return self.classes(self.embed(images))


@dataclass(frozen=True)
class Judged:
    """What the judge says of images: features (cases, 64) and class probabilities (cases, classes), noise set aside."""

    features: Tensor
    probability: Tensor


@dataclass(frozen=True)
class Court:
    """A trained judge, and how far it can be trusted."""

    judge: Judge
    error: float  # % of held-out images it gets wrong
    fitted: int  # training images
    heldout: int

    @torch.no_grad()
    def says(self, images: Tensor, shape: tuple[int, ...]) -> Judged:
        """Of (cases, pixels) in [0, 1]."""
        parts = [self.judge.embed(planes(part, shape)) for part in images.split(500)]
        features = torch.cat(parts)
        return Judged(features, torch.softmax(self.judge.classes(features)[:, :-1], 1))


def planes(images: Tensor, shape: tuple[int, ...]) -> Tensor:
    """(cases, pixels) as (cases, channels, height, width)."""
    if len(shape) == 2:
        return images.reshape(-1, 1, *shape)
    return images.reshape(-1, *shape).permute(0, 3, 1, 2).contiguous()


def court(name: str, data: TrainingData) -> Court:
    """The judge of a data set, trained now if it never was; `data` holds labels for every image."""
    return _court(_Case(name, data))


class _Case:
    """A data set as a key of the cache: by a digest of its images."""

    def __init__(self, name: str, data: TrainingData) -> None:
        self.data = data
        digest = sha256(f"{FORM} {UPDATES} {name} {data.shape} {data.classes}".encode())
        for rows in (data.train, data.train_labels, data.heldout):
            digest.update(rows.numpy().tobytes())
        self.digest = digest.hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Case) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=4)
def _court(case: _Case) -> Court:
    data = case.data
    judge = Judge(1 if len(data.shape) == 2 else data.shape[2], data.classes)
    path = data_folder() / "cache" / f"judge-{case.digest}.safetensors"
    fitted = min(MOST, len(data.train))
    if not _load(judge, path):
        chosen = torch.linspace(0, len(data.train) - 1, fitted).long()
        _train(judge, data.train[chosen], data.train_labels[chosen], data.shape)
        _keep(judge, path)
    judge.eval().requires_grad_(False)
    untested = Court(judge, 0.0, fitted, len(data.heldout))
    guessed = untested.says(data.heldout.float() / 255, data.shape).probability.argmax(1)
    return Court(judge, 100 * (guessed != data.heldout_labels).double().mean().item(), fitted, len(data.heldout))


def _train(judge: Judge, rows: Tensor, labels: Tensor, shape: tuple[int, ...]) -> None:
    """Adam, its rate falling to 0 along a cosine; the same start and order every time."""
    generator = torch.Generator().manual_seed(0)
    for parameter in judge.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter, generator=generator)
        else:
            nn.init.zeros_(parameter)
    with torch.enable_grad():
        optimiser = torch.optim.AdamW(judge.parameters(), lr=RATE)
        fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, UPDATES)
        for _ in range(UPDATES):
            batch = torch.randint(len(rows), (BATCH,), generator=generator)
            images = torch.cat([rows[batch], _scrambled(rows[batch], generator)]).float() / 255
            wanted = F.pad(labels[batch], (0, NOISE), value=judge.classes.out_features - 1)
            loss = F.cross_entropy(judge(planes(images, shape)), wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            fall.step()


def _scrambled(rows: Tensor, generator: torch.Generator) -> Tensor:
    """(NOISE, pixels), each pixel from a row of its own."""
    return rows.gather(0, torch.randint(len(rows), (NOISE, rows.shape[1]), generator=generator))


def _load(judge: Judge, path: Path) -> bool:
    try:
        judge.load_state_dict(load_file(path))
    except FileNotFoundError:
        return False
    except (OSError, SafetensorError, RuntimeError) as error:
        log.warning("The kept judge in %s cannot be read (%s) and is trained again", path, error)
        return False
    return True


def _keep(judge: Judge, path: Path) -> None:
    """Whole or not at all: another worker may be reading."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{id(judge):x}")
        save_file({name: tensor.detach() for name, tensor in judge.state_dict().items()}, unfinished)
        unfinished.replace(path)
    except OSError as error:
        log.warning("The judge cannot be kept in %s (%s); it stays in memory", path, error)
