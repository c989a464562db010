"""What a run will do: its stages, and when it measures, draws and saves."""

from dataclasses import dataclass, replace

from dbn_core.config import RunConfig
from dbn_core.config.stages import depth_of, rank
from dbn_core.records import Position
from dbn_core.training.checkpoints import Cursor, Resumption


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a run with its own learner state: `layer1`, `layer2`, ..., `layers`, `updown`, `finetune`, ..."""

    name: str
    index: int  # from 0
    epochs: int
    first_epoch: int  # epochs of the run before this stage

    @property
    def depth(self) -> int:
        """`layer3` -> 3; 0 for a stage that is no layer's own."""
        return depth_of(self.name)

    def ends_at(self, position: Position) -> bool:
        """Whether the last update of its last epoch has been made there."""
        return position.epoch >= self.first_epoch + self.epochs


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
    picture_bytes: int = 32 * 2**20  # of all epochs together: within it the end of each has its pictures
    picture_seconds: float = 0.25  # beyond it at most four pictures a second when epochs are short
    diagnosis_seconds: float = 0.5  # between frames of diagnostics, more where they are costly
    checkpoint_seconds: float = 5.0  # within an epoch; each epoch's end is kept, too, to branch from
    progress_seconds: float = 0.25
    stretch_seconds: float = 0.05  # updates made in one go where nothing else is due: how long a command may wait


@dataclass(frozen=True, slots=True)
class Plan:
    """The stages in order, with the cadence."""

    stages: tuple[Stage, ...]
    cadence: Cadence = Cadence()

    @property
    def epochs(self) -> int:
        """Of all stages together."""
        return sum(stage.epochs for stage in self.stages)

    def place(self, saved: Resumption) -> Resumption:
        """A saved state with its next update in this plan, which may be another than that of the run it comes from.

        A branch that adds a stage meets it after the ones that are done; one that gives more epochs to the stage just
        finished goes on with that; a stage in progress that this plan does not have is over.
        """
        names = [stage.name for stage in self.stages]
        if not saved.stage:
            return saved
        if saved.stage in names:
            here = names.index(saved.stage)
            if saved.begun:
                return replace(saved, cursor=replace(saved.cursor, stage=here))
            if 0 < saved.made < self.stages[here].epochs:
                return replace(saved, cursor=Cursor(saved.cursor.step, here, saved.made), begun=True, made=0)
        done = sum(rank(name) <= rank(saved.stage) for name in names)
        return replace(saved, cursor=Cursor(saved.cursor.step, done), begun=False)


def run_plan(config: RunConfig, cadence: Cadence = Cadence()) -> Plan:
    """The stages of a run, in the order of `RunConfig.stages`."""
    stages: list[Stage] = []
    done = 0
    for index, (name, epochs) in enumerate(config.stages.items()):
        stages.append(Stage(name, index, epochs, done))
        done += epochs
    return Plan(tuple(stages), cadence)
