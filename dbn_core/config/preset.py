"""Named configurations, one JSON file each in `assets/presets`; those in `broken` go wrong on purpose."""

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
    """All presets that work, in the order of their files in `assets/presets` (`10-first-look.json`, ...)."""
    return _read(PRESETS)


def broken_presets() -> list[Preset]:
    """Presets that go wrong on purpose, one for each thing that the coach can tell."""
    return _read(PRESETS / "broken")


def preset(name: str) -> Preset:
    """One preset, of either kind. Raises ConfigError naming the presets there are."""
    found = {item.name: item for item in (*presets(), *broken_presets())}
    if name not in found:
        raise ConfigError({"preset": f"there is no preset {name!r}; choose one of {', '.join(found)}"})
    return found[name]


def _read(folder: Path) -> list[Preset]:
    return [Preset.model_validate_json(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
