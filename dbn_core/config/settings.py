"""Every setting of a run, each defined once: its default, its meaning and its bounds; and the stages they make."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator

from dbn_core.config import stages
from dbn_core.config.data import DataConfig
from dbn_core.config.field import Group, field, refusal
from dbn_core.config.groups import (
    EvaluationConfig,
    FewLabelsConfig,
    FinetuneConfig,
    HybridConfig,
    LabelsConfig,
    LikelihoodConfig,
    UpDownConfig,
    VaeConfig,
)
from dbn_core.config.layer_settings import MOST_LAYERS, LayerSettings, layer_key
from dbn_core.config.training import TrainingConfig
from dbn_core.kinds import HIDDEN, KINDS, VISIBLE

if TYPE_CHECKING:
    Visible = Hidden = str
else:  # whatever kinds the table has
    Visible, Hidden = Literal[VISIBLE], Literal[HIDDEN]


def _beyond(given: tuple[LayerSettings, ...], layers: int) -> list[int]:
    """Layers with settings of their own, beyond the last one that there is."""
    return [depth for depth, own in enumerate(given, 1) if depth > layers and own.given]


class Settings(Group):
    """The settings of a run one by one; whether they fit together is for `RunConfig` to say."""

    data: DataConfig = DataConfig()
    layers: tuple[Annotated[int, Field(ge=1, le=20_000)], ...] = field(
        (256,), label="Layers", unit="units", min_length=1, max_length=MOST_LAYERS
    )
    """Hidden units of each layer, from the first up."""
    visible: Visible = field(
        "bernoulli",
        label="Visible units",
        help="Kind of visible units. " + " ".join(f"{name}: {KINDS[name].visible}." for name in VISIBLE),
    )
    hidden: Hidden = field(
        "bernoulli",
        label="Hidden units",
        help="Kind of hidden units. " + " ".join(f"{name}: {KINDS[name].hidden}." for name in HIDDEN),
    )
    categories: int | None = field(None, label="Categories", unit="units", ge=2, le=1000)
    """How many neighbouring units make one group, exactly one of them on, for softmax visible units; else empty. The
    images must be so: where they are as wide as there are categories each row is one group.
    """
    epochs: int = field(10, label="Epochs per layer", unit="epochs", ge=0, le=10_000)
    """Passes over the training images, for each layer; 0 trains no layer, for a network fine-tuned from scratch,
    whatever single layers have of their own.
    """
    batch_size: int = field(100, label="Batch size", unit="images", ge=1, le=10_000)
    """Images in each update."""
    seed: int = field(0, label="Seed", ge=0, le=2**31 - 1)
    """Start of all random numbers: the same seed gives the same run on the CPU."""
    device: Literal["auto", "cpu", "cuda", "mps"] = field("auto", label="Device")
    """Where to compute. auto: CUDA if there is one, else Apple's GPU, else the processor."""
    precision: Literal["float32", "tf32", "mixed"] = field("float32", label="Precision")
    """How matrix products are made while a run learns; sums and parameters are float32 in any case, and whatever is
    measured is measured in float32. tf32: factors rounded to 11 bits, on NVIDIA GPUs from compute capability 8.0 on.
    mixed: of RBMs and classifiers rounded to bfloat16, 8 bits, where the device has such products.
    """
    updates_per_second: float | None = field(None, label="Speed", unit="updates/s", live=True, gt=0, le=10_000)
    """Slow motion: at most this many updates a second; empty means full speed."""
    training: TrainingConfig = TrainingConfig()
    layer_settings: tuple[LayerSettings, ...] = ()
    """Settings that single layers have of their own, in the place of those above: see `config.layer_settings`."""
    labels: LabelsConfig = LabelsConfig()
    updown: UpDownConfig = UpDownConfig()
    finetune: FinetuneConfig = FinetuneConfig()
    vae: VaeConfig = VaeConfig()
    hybrid: HybridConfig = HybridConfig()
    fewlabels: FewLabelsConfig = FewLabelsConfig()
    likelihood: LikelihoodConfig = LikelihoodConfig()
    evaluation: EvaluationConfig = EvaluationConfig()

    @field_validator("layer_settings", mode="before")
    @classmethod
    def _none_is_empty(cls, given: Any) -> Any:
        return () if given is None else given

    @field_validator("layer_settings", mode="after")
    @classmethod
    def _of_layers_that_are(cls, given: tuple[LayerSettings, ...], info: ValidationInfo) -> tuple[LayerSettings, ...]:
        """Without empty ones at the end, so that equal settings are equal."""
        layers = len(info.data.get("layers", given))
        count = max((depth for depth, own in enumerate(given, 1) if own.given), default=0)
        if len(given) > layers:
            text = f"the network has {layers} layer{'s' if layers > 1 else ''}"
            if count <= layers:
                raise ValueError(f"a list of {len(given)} is not allowed, for {text}; give at most one object a layer")
            raise refusal({str(n): f"there is no layer {n}, {text}; leave it out" for n in _beyond(given, layers)})
        return given[:count]

    def value(self, key: str) -> Any:
        """One dotted field; of a layer's own settings the one in force there, whether or not it is the common one."""
        depth, field = layer_key(key)
        value: Any = self.for_layer(depth) if depth else self
        for part in field.split("."):
            value = getattr(value, part)
        return value

    def own(self, depth: int) -> LayerSettings:
        """What layer `depth` (from 1) has of its own."""
        return self.layer_settings[depth - 1] if 0 < depth <= len(self.layer_settings) else LayerSettings()

    def for_layer(self, depth: int) -> Self:
        """The settings as layer `depth` (from 1) obeys them; 0, which is no layer: the common ones.

        Whoever trains a layer, or judges its training, asks this.
        """
        own = self.own(depth)
        top = {key: value for key, value in own.given.items() if "." not in key}
        changes = {"training": own.with_training(self.training), "layer_settings": ()}
        return self.model_copy(update=top | changes)

    @property
    def layer_epochs(self) -> tuple[int, ...]:
        """Epochs of each layer, where layers are trained at all."""
        return tuple(self.for_layer(depth).epochs for depth in range(1, len(self.layers) + 1))

    @property
    def stages(self) -> dict[str, int]:
        """The stages of a run and the epochs of each, in order: `{"layer1": 10, "layer2": 10, "finetune": 20}`."""
        epochs = self._layer_stages() if self.epochs else {}
        epochs |= {kind.name: getattr(self, kind.group).epochs for kind in stages.LATER}
        return {name: count for name, count in epochs.items() if count}

    @property
    def learns_together(self) -> bool:
        """All layers are one stage: every update moves them all."""
        return self.training.order == "together" and len(self.layers) > 1

    def _layer_stages(self) -> dict[str, int]:
        if self.learns_together:
            return {stages.LAYERS.name: self.epochs}
        return {stages.layer_stage(depth): count for depth, count in enumerate(self.layer_epochs, 1)}

    @property
    def total_epochs(self) -> int:
        """Epochs over all stages."""
        return sum(self.stages.values())

    def epochs_before(self, stage: str) -> int:
        """Those of the stages before this one."""
        return sum(count for name, count in self.stages.items() if stages.rank(name) < stages.rank(stage))

    def epochs_left(self, stage: str, made: float) -> float:
        """How many a run still has before it that has made so many of `stage`."""
        after = sum(count for name, count in self.stages.items() if stages.rank(name) > stages.rank(stage))
        return max(0.0, self.stages.get(stage, 0) - made) + after
