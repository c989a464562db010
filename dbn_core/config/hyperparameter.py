"""One setting as widgets, the command line and help texts need it, read off the fields of `Settings`."""

from dataclasses import dataclass, replace
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dbn_core.config.field import texts_below
from dbn_core.config.layer_settings import EXAMPLE, MOST_LAYERS, NAME, PER_LAYER, layer_key, typed
from dbn_core.config.settings import Settings
from dbn_core.integers import whole


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One setting as widgets, the command line and help texts need it."""

    key: str  # dotted, as in INTERFACE
    label: str
    help: str
    unit: str
    kind: Literal["int", "float", "bool", "choice", "sizes"]
    default: Any
    optional: bool  # None is allowed and means off, all or no limit
    live: bool
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False  # the minimum itself is not allowed
    choices: tuple[str, ...] = ()
    has_more: bool = False  # a person may add to the choices: the data sets of one's own

    @property
    def group(self) -> str:
        """`data`, `training`, or "" for the top level."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The label within a sentence: "learning rate", "L1 decay"."""
        return self.label if self.label[:2].isupper() else self.label[:1].lower() + self.label[1:]

    def parse(self, text: str) -> Any:
        """The value a person typed: `none`, `off`, `all` or nothing mean None where that is allowed; sizes `500,500`.

        Text that does not fit is returned as it is, so that validation names it.
        """
        stripped = text.strip()
        if self.optional and stripped.lower() in {"", "none", "null", "off", "all"}:
            return None
        if self.kind == "sizes":
            parts = stripped.strip("[]()").removesuffix(",").replace("-", ",").split(",")
            sizes = [whole(part.strip()) for part in parts]
            return stripped if None in sizes else sizes
        return stripped


@cache
def hyperparameters() -> tuple[Hyperparameter, ...]:
    """Every setting of a run, in reading order; those that layers have of their own are not counted again."""
    return tuple(_walk(Settings, ""))


def hyperparameter(key: str) -> Hyperparameter:
    """The setting with this dotted name, also of one layer (`layer_settings.2.training.k`). Raises KeyError."""
    depth, field = layer_key(key)
    item = _by_key()[field]
    if not depth:
        return item
    if field not in PER_LAYER:
        raise KeyError(key)
    label = f"Layer {depth}: {item.label.removesuffix(' per layer')}"
    return replace(item, key=key, label=label, minimum=1 if field == "epochs" else item.minimum)


def is_setting(key: str) -> bool:
    """There is a setting of this dotted name, of the run or of one layer; or it is the list of the layers' own."""
    depth, field = layer_key(key)
    return field in PER_LAYER and depth <= MOST_LAYERS if depth else field == NAME or field in _by_key()


def parsed(key: str, text: str) -> Any:
    """What a person typed for a setting, see `Hyperparameter.parse`; text for what is no setting."""
    if key == NAME:
        return typed(text)
    return hyperparameter(key).parse(text) if is_setting(key) else text


@cache
def _by_key() -> dict[str, Hyperparameter]:
    return {item.key: item for item in hyperparameters()}


def _walk(model: type[BaseModel], prefix: str) -> list[Hyperparameter]:
    settings, texts = list[Hyperparameter](), texts_below(model)
    for name, info in model.model_fields.items():
        if name == NAME:
            continue
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            settings += _walk(info.annotation, f"{prefix}{name}.")
        else:
            settings.append(_describe(f"{prefix}{name}", info, texts.get(name, "")))
    return settings


def _describe(key: str, info: FieldInfo, text: str) -> Hyperparameter:
    annotation: Any = info.annotation
    optional = NoneType in get_args(annotation)
    inner = next(arg for arg in get_args(annotation) if arg is not NoneType) if optional else annotation
    kinds: dict[Any, Any] = {int: "int", float: "float", bool: "bool"}
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    choices = tuple(str(arg) for arg in get_args(inner)) if not isinstance(inner, type) and key != "layers" else ()
    choices = choices or tuple(extra["choices"])
    low = next((item for item in info.metadata if isinstance(item, Ge | Gt)), None)
    high = next((item for item in info.metadata if isinstance(item, Le)), None)
    below = next((item.lt for item in info.metadata if isinstance(item, Lt)), None)
    return Hyperparameter(
        key=key,
        label=extra["label"],
        help=info.description or text,
        unit=extra["unit"],
        kind="sizes" if key == "layers" else "choice" if choices else kinds[inner],
        default=info.default,
        optional=optional,
        live=bool(extra["live"]),
        minimum=getattr(low, "ge", getattr(low, "gt", None)),
        maximum=high.le if high is not None else below,  # pyright: ignore[reportArgumentType]
        open_minimum=isinstance(low, Gt),
        choices=choices,
        has_more=bool(extra["choices"]),
    )


def allowed_for(key: str) -> str:
    """What the setting of this name accepts, in words; also the list of the layers' own settings, or one of it."""
    if key == NAME:
        return f"give a list with one object a layer, such as {EXAMPLE}, or none"
    if key.rpartition(".")[0] == NAME:
        return 'give an object with settings of this layer, such as {"epochs": 5, "training": {"k": 3}}'
    return allowed(hyperparameter(key))


def allowed(item: Hyperparameter) -> str:
    """What a setting accepts, in words: "a number above 0 and at most 10, or empty"."""
    if item.kind == "choice":
        text = "one of " + ", ".join(item.choices) + (", or own/NAME for images of your own" if item.has_more else "")
    elif item.kind == "bool":
        text = "true or false"
    elif item.kind == "sizes":
        text = "1 to 8 whole numbers from 1 to 20,000, such as 500,500,2000"
    else:
        noun = "a whole number" if item.kind == "int" else "a number"
        low = "" if item.minimum is None else f"{'above' if item.open_minimum else 'from'} {item.minimum:g}"
        high = "" if item.maximum is None else f"{'to' if low.startswith('from') else 'up to'} {item.maximum:,g}"
        text = " ".join(part for part in (noun, low, high) if part)
    return f"give {text}" + (", or none" if item.optional else "")
