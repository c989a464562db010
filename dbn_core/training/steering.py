"""Commands in force: what the loop has been told, and whether the next update may be made."""

from dbn_core.commands import Pause, Resume, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError
from dbn_core.records import CommandRecord, Position
from dbn_core.training.ports import Control

WAIT_SECONDS = 0.05


class Steering:
    """Holds the configuration in force, the pause and the steps granted. Obeys commands in the order they were sent."""

    def __init__(self, config: RunConfig, control: Control, *, paused: bool = False) -> None:
        self.config = config
        self.paused = paused
        self.stopped = False
        self._control = control
        self._granted: str | None = None  # "update" or "epoch": may go on that far although paused

    def obey(self, position: Position) -> bool:
        """Take what has come. True if the configuration has changed."""
        before = self.config
        for record in self._control.commands(position):
            problem = self._take(record, position.stage)
            self._control.acknowledge(record, position, problem)
        return self.config is not before

    def may_go_on(self) -> bool:
        """The next update may be made now."""
        return not self.stopped and (not self.paused or self._granted is not None)

    def horizon(self, position: Position) -> int | None:
        """Updates that may be made before `obey` must be asked again; None: as many as time allows."""
        return 1 if self.stepping else self._control.horizon(position)

    def updated(self, *, epoch_ended: bool) -> None:
        """Updates were made: a granted step may be used up."""
        if self._granted == "update" or epoch_ended:
            self._granted = None

    @property
    def stepping(self) -> bool:
        """Going on only by a granted update, so each one is worth a look."""
        return self._granted == "update"

    def wait(self, seconds: float = WAIT_SECONDS) -> None:
        """Let time pass without hurry."""
        self._control.wait(seconds)

    def _take(self, record: CommandRecord, stage: str) -> str:
        match record.command:
            case Pause():
                self.paused, self._granted = True, None
            case Resume():
                self.paused, self._granted = False, None
            case Step(unit):
                self.paused, self._granted = True, unit
            case Stop():
                self.stopped = True
            case SetHyperparameter(field, value):
                try:
                    self.config = self.config.with_live_value(field, value, stage)
                except ConfigError as error:
                    return str(error)
        return ""
