"""The form of an exported run: which files a `.zip` holds and what is in them.

    run.json             name, note, status, times, progress; where the weights were saved; the form's version
    config.json          the configuration it was started with
    images.json          form and scale of its images and the names of its classes, so that its network can be used
                         where they are not; missing in archives of older labs, and where the data set was removed
    weights.safetensors  the newest checkpoint as one blob: parameters and all else needed to go on
    checkpoints.json     all checkpoints in order, each with its settings and the name of its blob
    checkpoints/*.safetensors  the ones before the newest, so that a branch can start there
    metrics.csv          one number a line, in the order in which they were measured
    commands.csv         what a person told the run, and when it took effect
    snapshots.json       the pictures in order, each with the name of its bytes
    snapshots/*.u8       the pictures: uint8, rows first; a frame of diagnostics, or a finding of the
                         evaluation: the bytes of `frames.Frame`, `findings.Finding`
    filters/*.png        the last filters of each layer as pictures, for people; not read back

Only text, numbers and bytes: nothing in an archive is ever executed, unpickled or written to a path it names.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from dbn_core.data.scale import LARGEST, PIXELS, Scale
from dbn_core.data.seen import SeenImages
from dbn_core.projections import drawn_of
from dbn_core.records import Checkpoint, Position, Progress, RunStatus, SnapshotInfo

VERSION = 1
KIND = "deep-belief-lab run"
CHECKPOINT_KIND = "deep-belief-lab checkpoint"

RUN = "run.json"
CONFIG = "config.json"
IMAGES = "images.json"
WEIGHTS = "weights.safetensors"
METRICS = "metrics.csv"
COMMANDS = "commands.csv"
CHECKPOINTS = "checkpoints.json"
SNAPSHOTS = "snapshots.json"

METRIC_COLUMNS = ("step", "epoch", "stage", "name", "value")
COMMAND_COLUMNS = ("sent_at", "command", "step", "epoch", "stage", "problem")

_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{0,40}$")]
_Step = Annotated[int, Field(ge=0, le=2**53)]
_Epoch = Annotated[float, Field(ge=0, le=1e6)]
_Count = Annotated[int, Field(ge=0, le=10_000)]
_Time = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 2, tzinfo=UTC), le=datetime(9999, 12, 30, tzinfo=UTC))]

NAME: TypeAdapter[str] = TypeAdapter(_Name)
# Some metrics are named by parts: error/frozen/100/0, samples.dreams.recall.
METRIC: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./]{1,80}$")])


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PositionPart(_Part):
    """A `Position`."""

    step: _Step
    epoch: _Epoch
    stage: _Name

    @classmethod
    def of(cls, position: Position) -> "PositionPart":
        return cls(step=position.step, epoch=position.epoch, stage=position.stage)

    def position(self) -> Position:
        return Position(self.step, self.epoch, self.stage)


class ProgressPart(_Part):
    """A `Progress`, as far as it means anything afterwards."""

    position: PositionPart
    epochs: _Epoch
    stage_index: _Count
    stage_count: _Count
    device: Annotated[str, StringConstraints(max_length=40)]

    @classmethod
    def of(cls, progress: Progress) -> "ProgressPart":
        values = {name: getattr(progress, name) for name in cls.model_fields if name != "position"}
        return cls(position=PositionPart.of(progress.position), **values)

    def progress(self) -> Progress:
        values = {name: getattr(self, name) for name in ProgressPart.model_fields if name != "position"}
        return Progress(position=self.position.position(), **values)


class CheckpointPart(_Part):
    """Where the weights were saved, with the configuration in force there."""

    position: PositionPart
    config: dict[str, Any]


_End = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


class ScalePart(_Part):
    """A `Scale`."""

    black: _End
    white: _End
    is_of_files: bool

    @classmethod
    def of(cls, scale: Scale) -> "ScalePart":
        return cls(black=scale.black, white=scale.white, is_of_files=scale.is_of_files)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        self.scale()
        return self

    def scale(self) -> Scale:
        return Scale(self.black, self.white, self.is_of_files)


class ImagesPart(_Part):
    """`images.json`: a `SeenImages`. Files of older labs name no scale: theirs is 0 to 255."""

    shape: Annotated[tuple[Annotated[int, Field(ge=1, le=2**20)], ...], Field(min_length=2, max_length=3)]
    label_names: Annotated[tuple[Annotated[str, StringConstraints(max_length=1000)], ...], Field(max_length=1000)]
    scale: ScalePart | None = None

    @classmethod
    def of(cls, seen: SeenImages) -> "ImagesPart":
        return cls(shape=seen.shape, label_names=seen.label_names, scale=ScalePart.of(seen.scale))

    def seen(self) -> SeenImages:
        return SeenImages(self.shape, self.label_names, PIXELS if self.scale is None else self.scale.scale())


class LonePart(CheckpointPart):
    """A checkpoint that is a file by itself: what stands in the header of a `.safetensors`, see `lone`."""

    kind: Literal["deep-belief-lab checkpoint"] = CHECKPOINT_KIND
    version: int = VERSION
    name: Annotated[str, StringConstraints(max_length=1000)]
    images: ImagesPart | None


class KeptPart(CheckpointPart):
    """One entry of `checkpoints.json`; `file` holds the blob. Archives of older labs have none of these."""

    file: Annotated[str, StringConstraints(pattern=r"^(weights|checkpoints/[0-9]{1,9})\.safetensors$")]
    keep: Literal["latest", "epoch", "stage"]

    @classmethod
    def of(cls, saved: Checkpoint, file: str) -> "KeptPart":
        position = PositionPart.of(saved.position)
        return cls(position=position, config=saved.config.to_dict(), file=file, keep=saved.keep)


class RunPart(_Part):
    """`run.json`."""

    kind: Literal["deep-belief-lab run"] = KIND
    version: int = VERSION
    name: Annotated[str, StringConstraints(max_length=1000)]
    note: Annotated[str, StringConstraints(max_length=20_000)]
    status: RunStatus
    message: Annotated[str, StringConstraints(max_length=20_000)]
    created_at: _Time
    started_at: _Time | None
    finished_at: _Time | None
    attempt: _Step
    progress: ProgressPart
    checkpoint: CheckpointPart | None


_SIDE = 1024  # pixels, of a picture of a unit or an image
_UNITS = 10_000
_SCALE = 1e30
_DIMENSIONS = {
    "filters": (3, 4),
    "reconstructions": (4, 5),
    "projection": (3, 4),
    "diagnostics": (1,),
    "evaluation": (1,),
}


class SnapshotPart(_Part):
    """One entry of `snapshots.json`; `file` holds the pixels."""

    file: Annotated[str, StringConstraints(pattern=r"^snapshots/[0-9]{1,9}\.u8$")]
    kind: Literal["filters", "reconstructions", "projection", "diagnostics", "evaluation"]
    position: PositionPart
    shape: Annotated[tuple[Annotated[int, Field(ge=1, le=2**31)], ...], Field(max_length=5)]
    scale: Annotated[float, Field(ge=0, le=_SCALE)]
    projection: Annotated[str, AfterValidator(drawn_of)]

    @model_validator(mode="after")
    def _has_the_dimensions_of_its_kind(self) -> Self:
        allowed = _DIMENSIONS[self.kind]
        if len(self.shape) not in allowed:
            raise ValueError(f"{self.kind} have {' or '.join(map(str, allowed))} dimensions, not {len(self.shape)}")
        if len(allowed) > 1 and not self._is_picture():
            raise ValueError(f"{self.kind} of shape {self.shape} are no pictures")
        return self

    def _is_picture(self) -> bool:
        pair, units, height, width, *colours = self.shape if self.kind == "reconstructions" else (2, *self.shape)
        return pair == 2 and units <= _UNITS and max(height, width) <= _SIDE and colours in ([], [3])

    @classmethod
    def of(cls, info: SnapshotInfo, file: str) -> "SnapshotPart":
        return cls(
            file=file,
            kind=info.kind,
            position=PositionPart.of(info.position),
            shape=info.shape,
            scale=info.scale,
            projection=info.projection,
        )

    def info(self) -> SnapshotInfo:
        return SnapshotInfo(self.kind, self.position.position(), self.shape, self.scale, drawn_of(self.projection))

    @property
    def size(self) -> int:
        """Bytes of the picture."""
        return int(np.prod(self.shape, dtype=object))
