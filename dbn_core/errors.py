"""One small tree of errors a person may meet: each says what is wrong, the value, what is allowed and the next step.

A message is one sentence or two, fit to be shown in a page or printed by the command line without a traceback.
"""

MOST_PROBLEMS = 20  # told at once
NAME = 400  # characters of a field that are told: it may be the path of a file


class LabError(Exception):
    """Base of every error that is the user's to mend; anything else is a defect of ours."""


class ConfigError(LabError):
    """One or more fields of a configuration are not allowed.

    `problems` maps the dotted field (`training.learning_rate`) to one sentence, all fields at once.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = dict(problems)
        lines = [f"{_shortened(field)}: {problem}" for field, problem in problems.items()]
        left_out = [f"and {len(lines) - MOST_PROBLEMS:,} more"] if len(lines) > MOST_PROBLEMS else []
        super().__init__("\n".join(lines[:MOST_PROBLEMS] + left_out))

    def __reduce__(self) -> tuple[type["ConfigError"], tuple[dict[str, str]]]:
        """It crosses process borders; by default Python would hand the message to `__init__`."""
        return type(self), (self.problems,)


class DataError(LabError):
    """A data set is missing, unreadable or of the wrong form."""


class StoreError(LabError):
    """The run store cannot be reached or does not hold what was asked for."""


class StoreUnavailableError(StoreError):
    """The run store cannot be used at this moment, and may be again: it is busy, full, out of reach, or moved away."""


class RunNotFoundError(StoreError):
    """No run has this id or name."""


class NotKeptError(StoreError):
    """A run has no such picture, frame or checkpoint, or none any more: long runs keep fewer."""


class LeaseLostError(StoreError):
    """Another writer has claimed the run: this one must stop writing at once."""


class ArchiveError(LabError):
    """A file given for import is not an archive of a run."""


class JobError(LabError):
    """The job cluster cannot be reached, or a question to a worker was not answered."""


class ModelError(LabError, ValueError):
    """A model that cannot be made of these parts, or that is given or asked what it has no room for."""


class PackageError(LabError):
    """A package that only this command needs is not installed."""


class DivergedError(LabError):
    """Weights or activities are no longer finite numbers; the run ends as `diverged`."""


class DeviceError(LabError):
    """The device asked for is not there."""


class LikelihoodError(LabError):
    """A likelihood that is not defined for these units, or cannot be computed at this size."""


def _shortened(field: str) -> str:
    return field if len(field) <= NAME else f"{field[: NAME - 3]}..."
