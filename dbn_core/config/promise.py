"""What a preset promises of its run, as a bound on one figure that the gate can check."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class Promise(BaseModel):
    """A figure lies within its bounds at the end of the run.

    figure: as in `coach.promises.final_figures`, "layer3.class_purity" or "samples.held.precision", in the units in
    which metrics are stored. soon: it holds after a few epochs on a part of the images, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure: str
    at_least: float | None = None
    at_most: float | None = None
    soon: bool = False

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError(f"a promise on {self.figure} needs a bound: at_least, at_most or both")
        return self

    def is_kept(self, value: float) -> bool:
        """Whether the figure lies within the bounds; one that is not a number does not."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    @property
    def bounds(self) -> str:
        """As in "at least 0.85"."""
        sides = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{words} {bound:g}" for words, bound in sides if bound is not None)
