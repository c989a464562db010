"""`RunConfig`: everything that decides a run, as frozen validated data; JSON in and out."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from dbn_core.errors import ConfigError


def _field(default: Any, help: str, *, unit: str = "", live: bool = False, label: str = "", **bounds: Any) -> Any:
    extra: dict[str, JsonValue] = {"unit": unit, "live": live, "label": label}
    return Field(default=default, description=help, json_schema_extra=extra, **bounds)


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DataConfig(_Group):
    """Which images, how many, and how their pixels become numbers."""

    name: Literal["digits", "mnist", "fashion-mnist"] = _field(
        "digits", "The data set. digits: 10,000 MNIST digits that come with the lab.", label="Data set"
    )
    train_size: int | None = _field(
        None, "How many training images to use; empty means all of them.", unit="images", ge=20, label="Training images"
    )
    preprocessing: Literal["unit", "threshold", "bernoulli"] = _field(
        "unit",
        "How grey values 0..255 become visible units. unit: divided by 255 and used as probabilities. "
        "threshold: 1 above one half, else 0. bernoulli: a fresh random 0/1 with that probability at every use.",
        label="Preprocessing",
    )


class TrainingConfig(_Group):
    """How one RBM learns."""

    method: Literal["cd", "pcd"] = _field(
        "cd",
        "Where the negative phase starts. cd: contrastive divergence, at the images of the batch. "
        "pcd: persistent chains that go on from update to update; a better density model, slower features.",
        label="Method",
    )
    k: int = _field(
        1, "Gibbs steps of the negative phase in each update.", unit="steps", live=True, ge=1, le=100, label="k"
    )
    chains: int = _field(
        100, "Persistent chains (only for pcd).", unit="chains", ge=1, le=10_000, label="Persistent chains"
    )
    learning_rate: float = _field(
        0.05,
        "Step size. Good when an update moves the weights by about a thousandth of their size.",
        live=True,
        gt=0,
        le=10,
        label="Learning rate",
    )
    schedule: Literal["constant", "staged", "linear"] = _field(
        "constant",
        "How the rate falls within a layer. constant: not at all. staged: as in the source article, by ten over "
        "epochs 0-10, by ten more over 10-50 and again over 50-100. linear: to zero at the last epoch.",
        label="Rate schedule",
    )
    momentum: float = _field(
        0.9,
        "Share of the last move kept in the next one. Changing it while training ends the starting phase.",
        live=True,
        ge=0,
        lt=1,
        label="Momentum",
    )
    initial_momentum: float = _field(0.5, "Momentum before the switch.", ge=0, lt=1, label="Starting momentum")
    momentum_switch: int = _field(
        5,
        "Epoch of each layer at which momentum takes over from the starting momentum.",
        unit="epochs",
        ge=0,
        le=1000,
        label="Momentum switch",
    )
    weight_decay: float = _field(
        1e-4,
        "Pull of the weights (not the biases) to zero, inside the learning rate.",
        live=True,
        ge=0,
        le=1,
        label="Weight decay",
    )
    sparsity_target: float | None = _field(
        None,
        "Wanted mean activity of each hidden unit; empty switches it off. 0.05 to 0.15 gives stroke-like features.",
        unit="probability",
        live=True,
        gt=0,
        lt=1,
        label="Sparsity target",
    )
    sparsity_cost: float = _field(
        0.1, "Strength of the pull to the sparsity target.", live=True, ge=0, le=100, label="Sparsity cost"
    )
    sparsity_decay: float = _field(
        0.95, "Memory of the running mean of each unit's activity, per update.", ge=0, lt=1, label="Sparsity memory"
    )
    centring: bool = _field(
        False,
        "Subtract running means of the units in the gradient (centred RBM): the strongest single stabiliser for pcd.",
        label="Centring",
    )
    clamp: float | None = _field(
        None,
        "Largest absolute value of a weight or bias, enforced after each update; empty means no limit.",
        live=True,
        gt=0,
        le=100,
        label="Clamp",
    )
    visible_samples: bool = _field(
        False,
        "In cd, pass 0/1 samples instead of probabilities to the visible units of the negative phase. "
        "pcd always samples: else its chains are no chains of the model.",
        label="Sampled visible units",
    )
    propagate: Literal["probabilities", "samples"] = _field(
        "probabilities",
        "What the next layer learns from: hidden probabilities, or 0/1 samples drawn afresh for every batch.",
        label="Input of the next layer",
    )
    initial_hidden_bias: float = _field(
        0.0, "Hidden bias at the start; -2 to -4 gives sparse starts.", ge=-20, le=20, label="Starting hidden bias"
    )


class RunConfig(_Group):
    """The whole configuration of a run. `RunConfig()` is valid; unknown keys are errors; all errors come at once."""

    data: DataConfig = DataConfig()
    layers: tuple[Annotated[int, Field(ge=1, le=20_000)], ...] = _field(
        (256,),
        "Hidden units of each layer, from the first up.",
        unit="units",
        min_length=1,
        max_length=8,
        label="Layers",
    )
    visible: Literal["bernoulli"] = _field(
        "bernoulli", "Kind of visible units. bernoulli: each is 0 or 1.", label="Visible units"
    )
    epochs: int = _field(
        10, "Passes over the training images, for each layer.", unit="epochs", ge=1, le=10_000, label="Epochs per layer"
    )
    batch_size: int = _field(100, "Images in each update.", unit="images", ge=1, le=10_000, label="Batch size")
    seed: int = _field(
        0, "Start of all random numbers: the same seed gives the same run on the CPU.", ge=0, le=2**31 - 1, label="Seed"
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = _field(
        "auto", "Where to compute. auto: CUDA if there is one, else Apple's GPU, else the processor.", label="Device"
    )
    updates_per_second: float | None = _field(
        None,
        "Slow motion: at most this many updates a second; empty means full speed.",
        unit="updates/s",
        live=True,
        gt=0,
        le=10_000,
        label="Speed",
    )
    training: TrainingConfig = TrainingConfig()

    # -- in ---------------------------------------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Validated from nested plain data. Raises ConfigError with every wrong field."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError(_sentences(error)) from error

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Validated from JSON. Raises ConfigError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ConfigError(_sentences(error)) from error

    @classmethod
    def preset(cls, name: str) -> Self:
        """The configuration of a named preset. Raises ConfigError naming the presets there are."""
        from dbn_core.config.preset import preset

        return cls.from_dict(preset(name).settings)

    def with_values(self, flat: dict[str, Any]) -> Self:
        """A copy with dotted fields replaced, e.g. `{"training.k": 3}`. Raises ConfigError, also for unknown fields."""
        unknown = _unknown(flat)
        if unknown:
            raise ConfigError(unknown)
        values = self.model_dump()
        for key, value in flat.items():
            target = values
            *path, last = key.split(".")
            for part in path:
                target = target[part]
            target[last] = value
        return self.from_dict(values)

    def with_live_value(self, key: str, value: Any) -> Self:
        """A copy with one live field changed, as a command does while training.

        Setting `training.momentum` also ends the starting phase, so that the change is felt at once.
        Raises ConfigError if the field may not change while training or the value is not allowed.
        """
        live = _live_keys()
        if key not in live:
            raise ConfigError({key: f"cannot change while training; what can: {', '.join(live)}"})
        changes = {key: value} | ({"training.momentum_switch": 0} if key == "training.momentum" else {})
        return self.with_values(changes)

    # -- out --------------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Nested plain data, JSON-ready."""
        return self.model_dump(mode="json")

    def flat(self) -> dict[str, Any]:
        """Dotted fields in the order of `hyperparameters()`: `{"data.name": "digits", ..., "training.k": 1}`."""
        from dbn_core.config.hyperparameter import hyperparameters

        return {item.key: self.value(item.key) for item in hyperparameters()}

    def value(self, key: str) -> Any:
        """One dotted field."""
        value: Any = self
        for part in key.split("."):
            value = getattr(value, part)
        return value

    def differences(self, other: Self) -> dict[str, tuple[Any, Any]]:
        """Fields in which the two differ: `{field: (mine, other's)}`."""
        return {key: (mine, other.value(key)) for key, mine in self.flat().items() if mine != other.value(key)}

    @property
    def total_epochs(self) -> int:
        """Epochs over all layers."""
        return self.epochs * len(self.layers)


# `hyperparameter` and `problems` read the classes above, so they are imported when they are first needed.


def _sentences(error: ValidationError) -> dict[str, str]:
    from dbn_core.config.problems import problems

    return problems(error)


def _unknown(flat: dict[str, Any]) -> dict[str, str]:
    from dbn_core.config.problems import unknown

    return unknown(flat)


def _live_keys() -> list[str]:
    from dbn_core.config.hyperparameter import hyperparameters

    return [item.key for item in hyperparameters() if item.live]
