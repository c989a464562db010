"""Where a training stands in its plan, from one update to the next."""

from dataclasses import dataclass

from dbn_core.records import Position
from dbn_core.training.checkpoints import Cursor
from dbn_core.training.plan import Stage


@dataclass
class Whereabouts:
    """The stage in progress, or the one just finished, and the cursor: that of the next update."""

    cursor: Cursor
    stage: Stage
    updates: int = 1  # in an epoch of this stage
    ended_at: int | None = None  # epochs that a stage took which ended before its time

    def begin(self, stage: Stage, updates: int) -> None:
        """A stage of so many updates an epoch is in progress from here on."""
        self.stage, self.updates, self.ended_at = stage, updates, None

    def advance(self, updates: int) -> None:
        """So many updates were made; never beyond the end of an epoch."""
        cursor, batch = self.cursor, self.cursor.batch + updates
        epoch, batch = (cursor.epoch + 1, 0) if batch == self.updates else (cursor.epoch, batch)
        self.cursor = Cursor(cursor.step + updates, cursor.stage, epoch, batch)

    def end_stage(self) -> None:
        """The next update is the first one of the next stage."""
        if self.cursor.epoch < self.stage.epochs:
            self.ended_at = self.cursor.epoch
        self.cursor = Cursor(self.cursor.step, self.stage.index + 1, 0, 0)

    @property
    def position(self) -> Position:
        """Of what was learnt so far, in updates and epochs of the run."""
        done = self.cursor.epoch + self.cursor.batch / self.updates
        if self.cursor.stage > self.stage.index:  # the stage is over
            done = self.stage.epochs if self.ended_at is None else self.ended_at
        return Position(self.cursor.step, float(self.stage.first_epoch + done), self.stage.name)

    @property
    def made(self) -> int:
        """Epochs of a stage that is over, unless it ended before its time; else 0."""
        is_over = self.cursor.stage > self.stage.index
        return self.stage.epochs if is_over and self.ended_at is None else 0

    @property
    def updates_done(self) -> int:
        """Updates of the stage in progress."""
        return self.cursor.epoch * self.updates + self.cursor.batch

    @property
    def at_epoch_end(self) -> bool:
        """No update of the next epoch was made yet."""
        return self.cursor.batch == 0

    @property
    def at_stage_end(self) -> bool:
        """All epochs of the stage were made."""
        return self.at_epoch_end and self.cursor.epoch == self.stage.epochs

    @property
    def is_in_stage(self) -> bool:
        """The next update is one of this stage."""
        return self.cursor.stage == self.stage.index
