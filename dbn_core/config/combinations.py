"""Settings that are each allowed but not together, each with a sentence that says what to choose instead."""

from typing import TYPE_CHECKING

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

if TYPE_CHECKING:
    from dbn_core.config.run import RunConfig

REAL = ("standard", "robust", "zca")
BINARY = ("threshold", "bernoulli")


def refuse_impossible(config: "RunConfig") -> None:
    """Raises pydantic's ValidationError with one sentence for every setting that does not fit the others."""
    found = {**_images(config), **_layers(config), **_stages(config)}
    if found:
        raise ValidationError.from_exception_data(
            "RunConfig",
            [
                InitErrorDetails(
                    # The sentence is data, not a format: braces in it stay braces.
                    type=PydanticCustomError("value_error", "{text}", {"text": text}),
                    loc=tuple(key.split(".")),
                    input=config.value(key),
                )
                for key, text in found.items()
            ],
        )


def _images(config: "RunConfig") -> dict[str, str]:
    how, found = config.data.preprocessing, {}
    if config.visible == "bernoulli" and how in REAL:
        found["data.preprocessing"] = (
            f"'{how}' gives numbers outside 0 to 1, which bernoulli visible units cannot be; choose "
            f"visible = gaussian, or preprocessing unit, threshold or bernoulli"
        )
    if config.visible == "gaussian" and how in BINARY:
        found["data.preprocessing"] = (
            f"'{how}' gives zeros and ones, for which gaussian visible units are no model; choose visible = bernoulli, "
            f"or preprocessing standard, robust or zca"
        )
    if config.visible == "bernoulli" and config.data.contrast_normalisation:
        found["data.contrast_normalisation"] = (
            "gives numbers outside 0 to 1, which bernoulli visible units cannot be; choose visible = gaussian, or false"
        )
    if config.visible == "bernoulli" and config.training.learn_variance:
        found["training.learn_variance"] = "only gaussian visible units have a deviation to learn; choose false"
    return found


def _layers(config: "RunConfig") -> dict[str, str]:
    found = {}
    if config.labels.joint and config.visible == "gaussian" and len(config.layers) == 1:
        found["labels.joint"] = (
            "label units stand beside binary units, and the only RBM here sees gaussian ones; add a second layer, or "
            "choose false"
        )
    if config.data.patch is not None and (config.labels.joint or config.finetune.epochs or config.hybrid.epochs):
        found["data.patch"] = "a patch of an image has no class; give none for whole images, or leave labels out"
    return found


def _stages(config: "RunConfig") -> dict[str, str]:
    found = {}
    if config.precision != "float32" and config.training.method == "tempering":
        found["precision"] = (
            "tempering swaps chains by differences of energies, which rounded products would falsify; choose float32, "
            "or training.method cd, pcd or fpcd"
        )
    if not config.stages:
        found["epochs"] = "0 leaves nothing to train; give at least 1, or epochs to another stage such as finetune"
    if config.likelihood.every is not None and not config.epochs:
        found["likelihood.every"] = "there is no layer in training whose likelihood it could estimate; leave it empty"
    if config.updown.epochs and config.visible == "gaussian":
        found["updown.epochs"] = "up-down fine-tuning is for bernoulli visible units; give 0"
    if config.updown.epochs and len(config.layers) == 1:
        found["updown.epochs"] = "a single RBM has no directed layers to tune up and down; add a layer, or give 0"
    if config.vae.epochs and config.visible == "gaussian":
        found["vae.epochs"] = "the VAE here has a Bernoulli decoder; give 0, or choose visible = bernoulli"
    return found
