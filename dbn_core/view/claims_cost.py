"""About how long it takes to measure the claims on a run, judged by how fast the run itself was trained.

Everything is counted in multiply-adds: a network that made so many of them a second in training is taken to make as
many while it is measured. That is rough, so that what it says are minutes and no seconds. A network of few units makes
few a second, since calls take the time; what is not trained in batches like its own is not held to that.
"""

from itertools import pairwise
from typing import NamedTuple

from dbn_core.config import RunConfig
from dbn_core.config.groups import FEW_LABELS_SIZES
from dbn_core.view.compare_hybrid import DRAWS, UPDATES

SEEDS = 3  # of the few-labels experiment
LABELS = 100  # of the hybrids
FORWARD, LEARNING = 1, 3  # passes: the gradient costs two more
PROBED = 2000 * (10 * 100 * 3 + 1000)  # a feature: logistic regression of ten classes, and distances to 1,000 images
LEAST = 2e9  # multiply-adds a second of a processor core where products are large; assumed, half of a slow one's
CONVOLUTIONS = 28 * 28 * 9 * 2 * 16 + 14 * 14 * 9 * 16 * 32  # an image of the hybrid's CNN


class Costs(NamedTuple):
    """Of each measurement, in multiply-adds or in seconds."""

    probe: float
    quality: float
    few_labels: float
    hybrids: float


def seconds(config: RunConfig, pixels: int, images_per_second: float, dreams: int, steps: int) -> Costs:
    """About how long each takes; `images_per_second`: in the run's training."""
    own = pace(config, pixels, images_per_second)
    wanted = costs(config, pixels, dreams, steps)
    return Costs(*(cost / max(own, LEAST) for cost in wanted))._replace(few_labels=wanted.few_labels / own)


def costs(config: RunConfig, pixels: int, dreams: int, steps: int) -> Costs:
    """Multiply-adds. `dreams` of `steps` Gibbs steps are scored, as many again where labels can be held."""
    whole, batch = sum(_weights(config, pixels)), config.batch_size
    top = _weights(config, pixels)[-1]
    small = UPDATES * min(batch, LABELS) * DRAWS  # images that one way to use few labels sees
    project = config.layers[-1] * pixels
    return Costs(
        probe=PROBED * (pixels + sum(config.layers)),
        quality=(1 + config.labels.joint) * dreams * steps * 2 * top,
        few_labels=SEEDS * FEW_LABELS_SIZES * UPDATES * batch * whole * (FORWARD + 2 * LEARNING),
        hybrids=small * (2 * LEARNING * CONVOLUTIONS + LEARNING * project + 2 * FORWARD * whole),
    )


def pace(config: RunConfig, pixels: int, images_per_second: float) -> float:
    """Multiply-adds a second in the training of the last layer: up, k times down and up, and the gradients of both."""
    steps = config.for_layer(len(config.layers)).training.k
    return images_per_second * _weights(config, pixels)[-1] * (3 + 2 * steps)


def about(seconds: float) -> str:
    """A guess in words: "less than a minute", "about 7 minutes", "about 2 hours"."""
    minutes = max(1, round(seconds / 60))
    if seconds < 50:
        return "less than a minute"
    if minutes < 100:
        return f"about {minutes} minute{'s' * (minutes > 1)}"
    return f"about {round(minutes / 60)} hours"


def _weights(config: RunConfig, pixels: int) -> list[int]:
    """Of each layer."""
    return [below * above for below, above in pairwise((pixels, *config.layers))]
