"""Named configurations, one JSON file each in `assets/presets`; those in `broken` go wrong on purpose."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from dbn_core.config.promise import Promise
from dbn_core.errors import ConfigError
from dbn_core.places import ASSETS

PRESETS = ASSETS / "presets"


Page = Literal["train", "features", "diagnose", "classify", "generate", "compare", "report"]
VIEWS: dict[Page, tuple[str, ...]] = {
    "classify": ("draw", "finetune", "few", "mistakes", "features"),
    "compare": ("runs", "vae", "hybrid", "claims"),
}
"""Parts of a page that an address can name."""


class Preset(BaseModel):
    """A named configuration: a question, what one will see, and the page on which it is seen.

    summary: what it trains, in one sentence; view: which part of the page; promises: what holds of its run beside what
    holds of every preset's, see `coach.gate`. One that goes wrong on purpose asks nothing: the coach tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    summary: str
    question: str = ""
    expectation: str = ""
    page: Page = "train"
    view: str = ""
    settings: dict[str, Any]
    promises: tuple[Promise, ...] = ()

    @model_validator(mode="after")
    def _asks_in_full(self) -> Self:
        if bool(self.question) != bool(self.expectation):
            raise ValueError(f"{self.name} needs a question and an expectation, or neither")
        if self.question and not self.question.endswith("?"):
            raise ValueError(f"the question of {self.name} has to end in a question mark, not as {self.question!r}")
        if self.view and self.view not in VIEWS.get(self.page, ()):
            there = ", ".join(VIEWS.get(self.page, ())) or "none"
            raise ValueError(f"{self.name} opens the view {self.view!r}, but the page {self.page} has {there}")
        return self

    def address(self, run_id: str) -> dict[str, str]:
        """The query at which its page shows what a run of it is for."""
        return {"run": run_id} | ({"view": self.view} if self.view else {})


def presets() -> list[Preset]:
    """All presets that work, in the order of their files in `assets/presets` (`10-first-look.json`, ...)."""
    return _read(PRESETS)


def broken_presets() -> list[Preset]:
    """Presets that go wrong on purpose, one for each thing that the coach can tell."""
    return _read(PRESETS / "broken")


def preset(name: str) -> Preset:
    """One preset, of either kind. Raises ConfigError naming the presets there are."""
    by_name = {item.name: item for item in (*presets(), *broken_presets())}
    if name not in by_name:
        raise ConfigError({"preset": f"there is no preset {name!r}; choose one of {', '.join(by_name)}"})
    return by_name[name]


def _read(folder: Path) -> list[Preset]:
    return [Preset.model_validate_json(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
