"""The machine that a measurement was taken on, in the words a table of results needs. No names of hosts or users."""

import os
import platform
from dataclasses import asdict, dataclass
from typing import Any

import torch

from dbn_core.machine import processor


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides how fast things run."""

    processor: str
    cores: int
    accelerator: str
    python: str
    torch: str
    load: float  # processes that wanted a core over the last minute, when the measurement began

    @property
    def is_busy(self) -> bool:
        """Others are at work on it: absolute figures are too low, though rows of one run still compare."""
        return self.load > 0.5

    def describe(self) -> list[str]:
        """Lines for the head of a table."""
        lines = [
            f"{self.processor}, {self.cores} cores, {self.accelerator}; Python {self.python}, torch {self.torch}",
        ]
        if self.is_busy:
            lines.append(
                f"The machine was busy when this began (load {self.load:.1f}): measure again when it is quiet."
            )
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def this_machine() -> Machine:
    """The machine at hand."""
    return Machine(
        processor=processor(),
        cores=os.cpu_count() or 1,
        accelerator=torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU",
        python=platform.python_version(),
        torch=torch.__version__,
        load=os.getloadavg()[0],
    )
