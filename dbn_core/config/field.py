"""How a setting is declared: its default, its help, its unit, whether it may change while training, its bounds."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue


def field(
    default: Any,
    help: str,
    *,
    unit: str = "",
    live: bool = False,
    label: str = "",
    choices: tuple[str, ...] = (),
    **bounds: Any,
) -> Any:
    """One setting of a group; `config.hyperparameter` reads all of this back.

    choices: what a text may be, where the type does not say so because there may be more.
    """
    extra: dict[str, JsonValue] = {"unit": unit, "live": live, "label": label, "choices": list(choices)}
    return Field(default=default, description=help, json_schema_extra=extra, **bounds)


class Group(BaseModel):
    """Frozen settings; unknown keys and numbers that are not finite are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
