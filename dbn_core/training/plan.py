"""What a run will do: its stages, and when it measures, draws and saves."""

from dataclasses import dataclass

from dbn_core.config import RunConfig


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a run with its own learner state: `layer1`, `layer2`, ..."""

    name: str
    index: int  # from 0
    epochs: int
    first_epoch: int  # epochs of the run before this stage


@dataclass(frozen=True, slots=True)
class Cadence:
    """When the loop stops to measure, in seconds of wall-clock time unless said otherwise.

    Features form within the first epoch of a layer, so looks are dense there: after 1, 2, 4, 8, ... updates and about
    twice a second. Later they come at each epoch's end, and in between when an epoch is long.
    """

    looks: bool = True  # False where nobody records: only divergence is watched for, at the end of each epoch
    first_epoch_seconds: float = 0.5
    later_seconds: float = 2.0
    cost_share: float = 0.02  # looks within an epoch, and checkpoints, each take at most this share of the time
    diagnosis_share: float = 0.05  # frames of diagnostics: a short run would be left with too few to scrub through
    picture_seconds: float = 0.25  # at most four pictures a second when epochs are short
    diagnosis_seconds: float = 0.5  # between frames of diagnostics, more where they are costly
    checkpoint_seconds: float = 5.0  # within an epoch; each epoch's end is kept, too, to branch from
    progress_seconds: float = 0.25


@dataclass(frozen=True, slots=True)
class Plan:
    """The stages in order, with the cadence."""

    stages: tuple[Stage, ...]
    cadence: Cadence = Cadence()

    @property
    def epochs(self) -> int:
        """Of all stages together."""
        return sum(stage.epochs for stage in self.stages)


def pretraining_plan(config: RunConfig, cadence: Cadence = Cadence()) -> Plan:
    """Greedy layer-wise pretraining: one stage a layer."""
    stages = (
        Stage(f"layer{index + 1}", index, config.epochs, index * config.epochs) for index in range(len(config.layers))
    )
    return Plan(tuple(stages), cadence)
