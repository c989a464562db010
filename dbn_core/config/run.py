"""`RunConfig`: everything that decides a run, as frozen validated data; JSON in and out."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import ValidationError, model_validator

from dbn_core.config.combinations import refuse_impossible
from dbn_core.config.hyperparameter import hyperparameters, is_setting
from dbn_core.config.layer_settings import NAME, PER_LAYER, keyed, layer_key, put
from dbn_core.config.preset import preset
from dbn_core.config.problems import problems, unknown_settings
from dbn_core.config.settings import Settings
from dbn_core.config.stages import LAYERS, depth_of
from dbn_core.errors import ConfigError


class RunConfig(Settings):
    """The whole configuration of a run. `RunConfig()` is valid; unknown keys are errors; all errors come at once."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse_impossible(self)
        return self

    # -- in ---------------------------------------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Validated from nested plain data. Raises ConfigError with every wrong field."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError(problems(error)) from error

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Validated from JSON. Raises ConfigError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ConfigError(problems(error)) from error

    @classmethod
    def preset(cls, name: str) -> Self:
        """The configuration of a named preset. Raises ConfigError naming the presets there are."""
        return cls.from_dict(preset(name).settings)

    def with_values(self, flat: dict[str, Any]) -> Self:
        """A copy with dotted fields replaced, e.g. `{"training.k": 3, "layer_settings.2.epochs": 5}`.

        Layers that are no longer there take their own settings with them. Raises ConfigError, also for unknown fields.
        """
        unknown = unknown_settings(flat)
        if unknown:
            raise ConfigError(unknown)
        return self.from_dict(self.replaced(flat))

    def replaced(self, flat: Mapping[str, Any]) -> dict[str, Any]:
        """Nested plain data with dotted fields replaced, as `with_values` validates it."""
        values = self.model_dump()
        if "layers" in flat and isinstance(flat["layers"], list | tuple):
            values[NAME] = values[NAME][: len(flat["layers"])]
        for key, value in flat.items():
            depth, field = layer_key(key)
            if depth:
                values[NAME] = put(values[NAME], depth, field, value)
            else:
                _set(values, field, value)
        return values

    def with_live_value(self, key: str, value: Any, stage: str = "") -> Self:
        """A copy with one live field changed, as a command does while `stage` trains.

        It acts on the layer in training: where that layer has a value of its own this one changes, else the common one,
        which is that of all layers without their own. Setting a momentum also ends the starting phase, so that the
        change is felt at once. Raises ConfigError if the field may not change while training or the value is not
        allowed.
        """
        live = [item.key for item in hyperparameters() if item.live]
        depth, field = layer_key(key)
        if field not in live or not is_setting(key):
            raise ConfigError({key: f"cannot change while training; what can: {', '.join(live)}"})
        names = [key] if depth else self.acting(field, stage)
        switches: list[str] = []
        if field == "training.momentum":
            switch = "training.momentum_switch"
            for owner in (layer_key(name)[0] for name in names):
                switches += [keyed(owner, switch)] if owner else self.acting(switch, stage)
        return self.with_values(dict.fromkeys(names, value) | dict.fromkeys(switches, 0))

    def acting(self, field: str, stage: str) -> list[str]:
        """The names under which a setting acts on what a stage trains: that of its layer, the common one, or both."""
        together = stage == LAYERS.name
        depths = range(1, len(self.layers) + 1) if together else [depth_of(stage)]
        return [*dict.fromkeys(keyed(depth, field) if field in self.own(depth).given else field for depth in depths)]

    # -- out --------------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Nested plain data, JSON-ready."""
        return self.model_dump(mode="json")

    def given_to_layers(self) -> dict[str, Any]:
        """What layers have of their own, by dotted names: `{"layer_settings.2.training.k": 3}`."""
        layers = enumerate(self.layer_settings, 1)
        return {keyed(depth, key): value for depth, layer in layers for key, value in layer.given.items()}

    def flat(self) -> dict[str, Any]:
        """Dotted fields in the order of `setting_keys`: `{"data.name": "digits", ..., "training.k": 1}`."""
        return {key: self.value(key) for key in setting_keys(self)}

    def differences(self, other: Self) -> dict[str, tuple[Any, Any]]:
        """Fields in which the two differ: `{field: (mine, other's)}`.

        A layer's own setting is among them also where only the common one differs from the other's: else the common
        one would seem to hold for that layer.
        """
        keys = [key for key in setting_keys(self, other) if self._differs(other, key)]
        return {key: (self.value(key), other.value(key)) for key in keys}

    def _differs(self, other: Self, key: str) -> bool:
        return any(self.value(name) != other.value(name) for name in {key, layer_key(key)[1]})


def setting_keys(*configs: RunConfig) -> tuple[str, ...]:
    """Dotted names in reading order: every setting of a run, then those that layers of any of these have."""
    own = {key for config in configs for key in config.given_to_layers()}
    order = {key: at for at, key in enumerate(PER_LAYER)}
    ranked = sorted(own, key=lambda key: (layer_key(key)[0], order.get(layer_key(key)[1], 0)))
    return (*(item.key for item in hyperparameters()), *ranked)


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    """Replace one dotted field of nested plain data."""
    target = values
    *path, last = key.split(".")
    for part in path:
        target = target[part]
    target[last] = value
