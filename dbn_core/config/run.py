"""`RunConfig`: everything that decides a run, as frozen validated data; JSON in and out."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from dbn_core.config.combinations import refuse_impossible
from dbn_core.config.data import DataConfig
from dbn_core.config.field import Group, field
from dbn_core.config.stages import (
    EvaluationConfig,
    FewLabelsConfig,
    FinetuneConfig,
    HybridConfig,
    LabelsConfig,
    LikelihoodConfig,
    UpDownConfig,
    VaeConfig,
)
from dbn_core.config.training import TrainingConfig
from dbn_core.errors import ConfigError


class RunConfig(Group):
    """The whole configuration of a run. `RunConfig()` is valid; unknown keys are errors; all errors come at once."""

    data: DataConfig = DataConfig()
    layers: tuple[Annotated[int, Field(ge=1, le=20_000)], ...] = field(
        (256,),
        "Hidden units of each layer, from the first up.",
        unit="units",
        min_length=1,
        max_length=8,
        label="Layers",
    )
    visible: Literal["bernoulli", "gaussian"] = field(
        "bernoulli",
        "Kind of visible units. bernoulli: each is 0 or 1, grey values are probabilities. gaussian: real numbers, for "
        "images that are standardised first.",
        label="Visible units",
    )
    epochs: int = field(
        10,
        "Passes over the training images, for each layer; 0 trains no layer, for a network fine-tuned from scratch.",
        unit="epochs",
        ge=0,
        le=10_000,
        label="Epochs per layer",
    )
    batch_size: int = field(100, "Images in each update.", unit="images", ge=1, le=10_000, label="Batch size")
    seed: int = field(
        0, "Start of all random numbers: the same seed gives the same run on the CPU.", ge=0, le=2**31 - 1, label="Seed"
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = field(
        "auto", "Where to compute. auto: CUDA if there is one, else Apple's GPU, else the processor.", label="Device"
    )
    precision: Literal["float32", "tf32", "mixed"] = field(
        "float32",
        "How matrix products are made while a run learns; sums and parameters are float32 in any case, and whatever is "
        "measured is measured in float32. tf32: factors rounded to 11 bits, on NVIDIA GPUs from compute capability 8.0 "
        "on. mixed: of RBMs and classifiers rounded to bfloat16, 8 bits, where the device has such products.",
        label="Precision",
    )
    updates_per_second: float | None = field(
        None,
        "Slow motion: at most this many updates a second; empty means full speed.",
        unit="updates/s",
        live=True,
        gt=0,
        le=10_000,
        label="Speed",
    )
    training: TrainingConfig = TrainingConfig()
    labels: LabelsConfig = LabelsConfig()
    updown: UpDownConfig = UpDownConfig()
    finetune: FinetuneConfig = FinetuneConfig()
    vae: VaeConfig = VaeConfig()
    hybrid: HybridConfig = HybridConfig()
    fewlabels: FewLabelsConfig = FewLabelsConfig()
    likelihood: LikelihoodConfig = LikelihoodConfig()
    evaluation: EvaluationConfig = EvaluationConfig()

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
    def stages(self) -> dict[str, int]:
        """The stages of a run and the epochs of each, in order: `{"layer1": 10, "layer2": 10, "finetune": 20}`."""
        together = self.training.order == "together" and len(self.layers) > 1
        names = ["layers"] if together else [f"layer{index + 1}" for index in range(len(self.layers))]
        epochs = dict.fromkeys(names, self.epochs)
        later = ("updown", "finetune", "vae", "hybrid", "fewlabels")
        epochs |= {name: getattr(self, name).epochs for name in later}
        return {name: count for name, count in epochs.items() if count}

    @property
    def total_epochs(self) -> int:
        """Epochs over all stages."""
        return sum(self.stages.values())


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
