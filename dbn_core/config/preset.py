"""Named configurations, one JSON file each in `assets/presets`."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from dbn_core.errors import ConfigError

PRESETS = Path(__file__).parents[2] / "assets" / "presets"


class Preset(BaseModel):
    """A named configuration with a title and one sentence that says what to look for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    summary: str
    settings: dict[str, Any]


def presets() -> list[Preset]:
    """All presets, in the order of their files in `assets/presets` (`10-first-look.json`, ...)."""
    return [Preset.model_validate_json(path.read_bytes()) for path in sorted(PRESETS.glob("*.json"))]


def preset(name: str) -> Preset:
    """One preset. Raises ConfigError naming the presets there are."""
    found = {item.name: item for item in presets()}
    if name not in found:
        raise ConfigError({"preset": f"there is no preset {name!r}; choose one of {', '.join(found)}"})
    return found[name]
