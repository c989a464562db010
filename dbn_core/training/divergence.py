"""What a person is told when weights have stopped being finite numbers, and which setting to lower."""

from dbn_core.config import RunConfig, hyperparameter
from dbn_core.config.stages import depth_of, kind_of, stage_name
from dbn_core.errors import DivergedError
from dbn_core.records import Position


def diverged(position: Position, config: RunConfig) -> DivergedError:
    """The error that ends a run at `position`; config: the settings in force."""
    return DivergedError(
        f"The weights of {stage_name(position.stage)} stopped being finite numbers by epoch {position.epoch:.2f}, "
        f"after {position.step:,} updates. {_remedy(position.stage, config)} The last good state is kept."
    )


def _remedy(stage: str, config: RunConfig) -> str:
    kind = kind_of(stage)
    rate = config.for_layer(depth_of(stage)).value(kind.rate)
    others = f", {kind.remedies}" if kind.remedies else ""
    return f"Lower the {hyperparameter(kind.rate).name} (it was {rate:g}; try {rate / 10:g}){others}."
