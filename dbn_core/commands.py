"""What a person may tell a running training: frozen data, sent through the store, acknowledged by the worker.

A command never names a run: it is sent to one (`RunStore.run(id).send(command)`).
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, cast


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop before the next update and wait; the state is saved."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class Step:
    """Make one update, or train to the end of the epoch, then pause."""

    unit: Literal["update", "epoch"] = "update"


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run before the next update; its state is saved, so that it can be resumed."""


@dataclass(frozen=True, slots=True)
class SetHyperparameter:
    """Change one live field of the configuration, named as in `RunConfig` (`training.learning_rate`)."""

    field: str
    value: float | int | str | bool | None


Command = Pause | Resume | Step | Stop | SetHyperparameter

_KINDS: dict[str, type] = {"pause": Pause, "resume": Resume, "step": Step, "stop": Stop, "set": SetHyperparameter}


def to_message(command: Command) -> dict[str, Any]:
    """The command as plain JSON: `{"kind": "set", "field": ..., "value": ...}`."""
    kind = next(name for name, cls in _KINDS.items() if isinstance(command, cls))
    return {"kind": kind, **asdict(command)}


def from_message(message: dict[str, Any]) -> Command:
    """Inverse of `to_message`. Raises KeyError or TypeError on anything else."""
    fields = {key: value for key, value in message.items() if key != "kind"}
    return cast("Command", _KINDS[message["kind"]](**fields))


def describe(command: Command) -> str:
    """A few words for a mark on a curve: "learning_rate = 0.05", "pause"."""
    match command:
        case SetHyperparameter(field, value):
            return f"{field.rsplit('.', 1)[-1]} = {'off' if value is None else value}"
        case Step(unit):
            return f"step one {unit}"
        case _:
            return type(command).__name__.lower()
