"""What one layer does otherwise than the others: settings of its own in the place of the common ones.

A run holds a list of them, one for each layer from the first up (`RunConfig.layer_settings`). By one dotted name a
single one is `layer_settings.2.training.k`: layers are counted from 1, as in `layer2`.
"""

import json
import re
from typing import Any

from pydantic import Field, model_serializer, model_validator

from dbn_core.config.field import Group
from dbn_core.config.training import TrainingConfig
from dbn_core.integers import from_json

NAME = "layer_settings"
EXAMPLE = '[{"epochs": 5}, {"training": {"k": 3}}]'
MOST_LAYERS = 8
COMMON = ("training.order",)
"""Settings of `training` that are of all layers or of none."""
PER_LAYER = (
    "epochs",
    "batch_size",
    *(key for name in TrainingConfig.model_fields if (key := f"training.{name}") not in COMMON),
)
"""What a layer may have of its own."""
_KEY = re.compile(rf"{NAME}\.(\d{{1,9}})\.(.+)")


class LayerSettings(Group):
    """Only what is given counts: two that give the same are equal, and nothing else is written out.

    Keys of `training` may also stand by themselves (`{"k": 3}`) or dotted (`{"training.k": 3}`).
    """

    # What is not given is never read, so that its default says nothing.
    epochs: int = Field(default=0, ge=1, le=10_000)
    batch_size: int = Field(default=0, ge=1, le=10_000)
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="before")
    @classmethod
    def _nested(cls, values: Any) -> Any:
        if not isinstance(values, dict) or not isinstance(values.get("training", {}), dict):
            return values
        inner = {_inner(key): value for key, value in values.items() if _inner(key)}
        outer = {key: value for key, value in values.items() if not _inner(key)}
        return outer | ({"training": inner | outer.get("training", {})} if inner else {})

    @property
    def given(self) -> dict[str, Any]:
        """What the layer has of its own, by the names of the common settings: `{"epochs": 5, "training.k": 3}`."""
        own = {name: getattr(self, name) for name in ("epochs", "batch_size") if name in self.model_fields_set}
        set_here = self.training.model_fields_set if "training" in self.model_fields_set else set[str]()
        names = [name for name in TrainingConfig.model_fields if name in set_here]
        return own | {f"training.{name}": getattr(self.training, name) for name in names}

    def with_training(self, common: TrainingConfig) -> TrainingConfig:
        """The common settings of `training` with those of this layer in their place."""
        given = {key.partition(".")[2]: value for key, value in self.given.items() if key.startswith("training.")}
        return common.model_copy(update=given)

    @model_serializer
    def _written(self) -> dict[str, Any]:
        return nested(self.given)

    def __repr_args__(self) -> Any:
        return self.given.items()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LayerSettings) and self.given == other.given

    def __hash__(self) -> int:
        return hash(tuple(self.given.items()))


def layer_key(key: str) -> tuple[int, str]:
    """`layer_settings.2.training.k` -> (2, "training.k"); (0, the key itself) for any other."""
    match = _KEY.fullmatch(key)
    return (int(match[1]), match[2]) if match else (0, key)


def keyed(depth: int, key: str) -> str:
    """The inverse of `layer_key`."""
    return f"{NAME}.{depth}.{key}" if depth else key


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """`{"epochs": 5, "training.k": 3}` as `{"epochs": 5, "training": {"k": 3}}`."""
    outer: dict[str, Any] = {key: value for key, value in flat.items() if "." not in key}
    inner = {key.partition(".")[2]: value for key, value in flat.items() if "." in key}
    return outer | ({"training": inner} if inner else {})


def put(layers: Any, depth: int, key: str, value: Any) -> Any:
    """The plain list with one setting of one layer replaced; layers before it that have none get an empty object.

    What is no list, or has something else in the layer's place, stays as it is, for validation to name.
    """
    entries = list(layers) if isinstance(layers, list | tuple) else None
    if entries is None or depth < 1:
        return layers
    entries += [{} for _ in range(depth - len(entries))]
    if isinstance(entries[depth - 1], dict):
        name = key if "." not in key else key.partition(".")[2]
        kept = {old: now for old, now in entries[depth - 1].items() if old not in {name, key}}
        entries[depth - 1] = _merged(kept, nested({key: value}))
    return entries


def typed(text: str) -> Any:
    """The list as a person types it, JSON; nothing, `none` or `off`: no layer has settings of its own."""
    stripped = text.strip()
    if stripped.lower() in {"", "none", "null", "off"}:
        return []
    try:
        return from_json(stripped)
    except (json.JSONDecodeError, RecursionError):
        return stripped


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = {key: one[key] | value for key, value in other.items() if isinstance(value, dict) and key in one}
    return one | other | both


def _inner(key: Any) -> str:
    """The name within `training` of a key that stands by itself or dotted; "" for any other."""
    name = str(key).removeprefix("training.")
    return name if name != "training" and name in TrainingConfig.model_fields else ""
