"""Settings that are each allowed but not together, each with a sentence that says what to choose instead."""

from dbn_core.config.field import refusal
from dbn_core.config.layer_settings import COMMON, LayerSettings, keyed
from dbn_core.config.settings import Settings
from dbn_core.kinds import HIDDEN, KINDS, VISIBLE, Numbers

GIVES: dict[str, Numbers] = {
    "unit": "grey",
    "threshold": "binary",
    "bernoulli": "binary",
    "standard": "real",
    "robust": "real",
    "zca": "real",
}
"""What each preprocessing makes of images."""


def refuse_impossible(config: Settings) -> None:
    """Raises pydantic's ValidationError with one sentence for every setting that does not fit the others."""
    common = _common(config)
    problems = common | _own(config, common)
    if problems:
        raise refusal(problems)


def _common(config: Settings) -> dict[str, str]:
    return {**_images(config), **_layers(config), **_hidden(config), **_stages(config)}


def _own(config: Settings, common: dict[str, str]) -> dict[str, str]:
    """What does not fit of the settings that single layers have of their own."""
    problems = {}
    for depth, layer in enumerate(config.layer_settings, 1):
        own = {key: text for key, text in _common(config.for_layer(depth)).items() if key not in common}
        own |= _of_all_layers(config, layer)
        if depth > 1 and layer.given.get("training.learn_variance"):
            own["training.learn_variance"] = "only layer 1 sees images, whose deviations it can learn; choose false"
        problems |= {keyed(depth, key) if key in layer.given else key: text for key, text in own.items()}
    return problems


def _of_all_layers(config: Settings, layer: LayerSettings) -> dict[str, str]:
    """What one layer cannot have for itself."""
    problems = {key: f"it is one for all layers; leave it out here, or give {key}" for key in COMMON}
    if config.learns_together:
        shared = "layers that train together share their updates; leave it out here, or choose training.order = greedy"
        problems |= {"epochs": shared, "batch_size": shared}
    return {key: text for key, text in problems.items() if key in layer.given}


def _images(config: Settings) -> dict[str, str]:
    how, kind, problems = config.data.preprocessing, KINDS[config.visible], {}
    if GIVES[how] not in kind.images:
        fit = [name for name, gives in GIVES.items() if gives in kind.images]
        why = _given(GIVES[how], kind.name)
        problems["data.preprocessing"] = f"'{how}' {why}, or preprocessing {', '.join(fit[:-1])} or {fit[-1]}"
    if kind.is_grouped and config.categories is None:
        problems["categories"] = f"{kind.name} visible units come in groups; say how many units make one, at least 2"
    if not kind.is_grouped and config.categories is not None:
        able = " or ".join(name for name in VISIBLE if KINDS[name].is_grouped)
        problems["categories"] = f"{kind.name} visible units have none; leave it empty, or choose visible = {able}"
    if config.data.contrast_normalisation and "real" not in kind.images:
        problems["data.contrast_normalisation"] = f"{_given('real', kind.name)}, or false"
    if config.training.learn_variance and not kind.has_deviation:
        able = " or ".join(name for name in VISIBLE if KINDS[name].has_deviation)
        problems["training.learn_variance"] = f"only {able} visible units have a deviation to learn; choose false"
    return problems


def _given(numbers: Numbers, visible: str) -> str:
    """Why visible units of a kind cannot take such numbers, and which can."""
    able = " or ".join(name for name in VISIBLE if numbers in KINDS[name].images and not KINDS[name].is_grouped)
    why = {
        "real": f"gives numbers outside 0 to 1, which {visible} visible units cannot be",
        "binary": f"gives zeros and ones, for which {visible} visible units are no model",
        "grey": f"gives numbers from 0 to 1, which {visible} visible units cannot be",
    }
    return f"{why[numbers]}; choose visible = {able}"


def _layers(config: Settings) -> dict[str, str]:
    problems = {}
    if config.labels.joint and not KINDS[config.visible].is_binary and len(config.layers) == 1:
        problems["labels.joint"] = (
            f"label units stand beside binary units, and the only RBM here sees {config.visible} ones; add a second "
            f"layer, or choose false"
        )
    if config.data.patch is not None and (config.labels.joint or config.finetune.epochs or config.hybrid.epochs):
        problems["data.patch"] = "a patch of an image has no class; give none for whole images, or leave labels out"
    return problems


def _hidden(config: Settings) -> dict[str, str]:
    visible, hidden, problems = KINDS[config.visible], KINDS[config.hidden], {}
    if not hidden.is_binary and len(config.layers) > 1:
        problems["hidden"] = (
            f"{hidden.name} hidden units have values above 1, which the next layer cannot take for probabilities; give "
            f"one layer, or choose bernoulli"
        )
    if not hidden.has_energy:
        why, others = f"{hidden.name} hidden units have no energy", f"choose hidden = {_with_energy()}"
    elif not (visible.is_bounded or hidden.is_bounded):
        why = f"{visible.name} visible and {hidden.name} hidden units, both without bounds, need not have a finite Z"
        others = "choose bernoulli units on one side"
    else:
        return problems
    if config.labels.joint and not hidden.has_energy:
        problems["labels.joint"] = f"label units are read off free energies, and {why}; {others}, or false"
    if config.likelihood.every is not None:
        problems["likelihood.every"] = f"{why}, so there is no likelihood; leave it empty, or {others}"
    if config.training.method == "tempering":
        problems["training.method"] = f"tempering swaps chains by energies, and {why}; choose pcd, or {others}"
    return problems


def _with_energy() -> str:
    return " or ".join(name for name in HIDDEN if KINDS[name].has_energy)


def _stages(config: Settings) -> dict[str, str]:
    problems = {}
    if config.precision != "float32" and config.training.method == "tempering":
        problems["precision"] = (
            "tempering swaps chains by differences of energies, which rounded products would falsify; choose float32, "
            "or training.method cd, pcd or fpcd"
        )
    if not config.stages:
        problems["epochs"] = "0 leaves nothing to train; give at least 1, or epochs to another stage such as finetune"
    if config.likelihood.every is not None and not config.epochs:
        problems["likelihood.every"] = (
            "there is no layer in training whose likelihood it could estimate; leave it empty"
        )
    if config.updown.epochs and not KINDS[config.visible].is_binary:
        problems["updown.epochs"] = "up-down fine-tuning is for bernoulli visible units; give 0"
    if config.updown.epochs and len(config.layers) == 1:
        problems["updown.epochs"] = "a single RBM has no directed layers to tune up and down; add a layer, or give 0"
    if config.vae.epochs and not KINDS[config.visible].is_binary:
        problems["vae.epochs"] = "the VAE here has a Bernoulli decoder; give 0, or choose visible = bernoulli"
    return problems
