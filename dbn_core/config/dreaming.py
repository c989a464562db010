"""What a dream is: all that decides its pictures besides the weights. The same settings give the same dream."""

import math
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from dbn_core.config.field import Group
from dbn_core.errors import ConfigError

Start = Literal["noise", "images", "drawing"]
Keep = Literal["none", "left", "right", "top", "bottom"]
PICTURES = 100  # at most, besides the start
COLUMNS = 10  # of chains, where the images have no classes to give a column each
MOST_CLASSES = 12  # that get a column each


class DreamSettings(Group):
    """Chains of Gibbs steps in the top RBM: where they start, what is held, how hot they are."""

    rows: int = Field(default=5, ge=1, le=10)  # of chains
    steps: int = Field(default=200, ge=1, le=5000)  # Gibbs steps
    start: Start = "noise"
    label: Literal["free", "each"] | int = "free"  # each: column c is class c throughout
    temperature: float = Field(default=1.0, ge=0.1, le=10)
    start_temperature: float = Field(default=1.0, ge=0.1, le=10)
    keep: Keep = "none"  # half of the image that is held
    number: int = Field(default=0, ge=0, le=10**6)  # which held-out images, counted round
    seed: int = Field(default=0, ge=0, le=2**31 - 1)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Validated from plain data. Raises ConfigError with every wrong field."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError({_field(item["loc"]): _sentence(item) for item in error.errors()}) from error

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.keep != "none" and self.start == "noise":
            raise ValueError("there is no image to keep half of; start from held-out images or from a drawing")
        if self.start_temperature < self.temperature:
            raise ValueError(
                f"annealing cools, but {self.start_temperature:g} at the start is below {self.temperature:g} at the "
                f"end; give a start of at least {self.temperature:g}"
            )
        return self

    @property
    def every(self) -> int:
        """Gibbs steps from one picture to the next."""
        return math.ceil(self.steps / PICTURES)

    @property
    def pictures(self) -> int:
        """Pictures in all, the start among them."""
        return math.ceil(self.steps / self.every) + 1

    def step_of(self, picture: int) -> int:
        """Gibbs steps made before a picture, counted from 0."""
        return min(picture * self.every, self.steps)

    def temperature_at(self, step: int) -> float:
        """Of the step-th Gibbs step, from 1: falls by the same factor each step over the first half, then stays."""
        half = self.steps / 2
        left = max(0.0, 1 - (step - 1) / half)
        return self.temperature * (self.start_temperature / self.temperature) ** left


def columns(classes: int) -> int:
    """How many chains stand side by side: one a class, where the images have a few classes."""
    return classes if 1 < classes <= MOST_CLASSES else COLUMNS


def _field(place: tuple[int | str, ...]) -> str:
    return str(place[0]) if place else "dream"


def _sentence(item: Any) -> str:
    message = item["msg"].removeprefix("Value error, ")
    return message if item["type"] == "value_error" else f"{message}, not {item['input']!r:.60}"
