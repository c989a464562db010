"""What detectors look at, one layer in training, and what each may say of it."""

import math
from dataclasses import dataclass
from statistics import median

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig

WARM_UP = 3.0  # epochs of a layer before any number is judged: sparsity needs as long to settle
RECENT = 5  # points over which a noisy number is taken


@dataclass(frozen=True, slots=True)
class Advice:
    """What a detector saw, in one sentence with its number, and the change that mends it."""

    detector: str
    sentence: str
    remedy: SetHyperparameter


@dataclass(frozen=True, slots=True)
class Case:
    """What detectors look at: one layer in training."""

    config: RunConfig  # as the layer obeys it
    curves: dict[str, list[tuple[float, float]]]  # metric -> (epoch within the layer, value) in order
    units: int

    def last(self, metric: str) -> float | None:
        """The newest value, if the layer is past its first epochs there and the value is finite."""
        curve = self.curves.get(metric, [])
        if not curve or curve[-1][0] < WARM_UP or not math.isfinite(curve[-1][1]):
            return None
        return curve[-1][1]

    def falls(self, metric: str) -> bool:
        """Whether the newest value lies below that of an epoch before."""
        curve = self.curves.get(metric, [])
        before = [value for epoch, value in curve if epoch <= curve[-1][0] - 1]
        return bool(before) and curve[-1][1] < before[-1]

    def will_be(self, metric: str) -> float | None:
        """The newest value, and where the last epoch's pace takes it by the end of the layer."""
        now, curve = self.last(metric), self.curves.get(metric, [])
        before = [value for epoch, value in curve if epoch <= curve[-1][0] - 1 and math.isfinite(value)]
        if now is None or not before:
            return now
        return now + (now - before[-1]) * max(0.0, self.config.epochs - curve[-1][0])

    def recent(self, metric: str) -> float | None:
        """The median of the newest values past the first epochs."""
        values = [value for epoch, value in self.curves.get(metric, []) if epoch >= WARM_UP and math.isfinite(value)]
        return median(values[-RECENT:]) if values else None
