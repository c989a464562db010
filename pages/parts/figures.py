"""Figures that somebody has asked for: they are kept with their run, so that they outlive this process."""

from typing import Any

from pages.parts import lab


def keep(run_id: str, answer: dict[str, Any]) -> None:
    """Has the run keep what a worker's `answer` about a checkpoint holds: `figures` by name, and `position`."""
    lab.store().run(run_id).keep_figures(answer["position"], answer["figures"])
