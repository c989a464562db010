"""A trained network as an ONNX graph, for programs without the lab: images in, features or probabilities out.

    images (cases, height, width[, 3])    float32: pixels / 255, so that 0 is black and 1 white
    features (cases, units)               E[h | image] of a layer, as `LoadedModel.features`
    probabilities (cases, classes)        p(class | image), as `LoadedModel.predict_proba`

The preprocessing of the run is part of the graph. Nothing is drawn: where a run draws pixels, their means go in.
"""

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dbn_core.errors import ModelError
from dbn_core.extras import require
from dbn_core.inference.classification import newest_classifier
from dbn_core.inference.loading import Trained
from dbn_core.inference.stack import depth_in, learnt_stack
from dbn_core.loaded.source import load_trained

INPUT = "images"


@dataclass(frozen=True, slots=True)
class OnnxGraph:
    """The file, and what goes in and comes out; shape: (height, width[, 3]) of an image."""

    content: bytes = field(repr=False)
    shape: tuple[int, ...]
    output: str
    width: int  # numbers that come out for each image


def onnx_graph(
    source: str | Path, layer: int | None = None, *, classifier: bool = False, store: str | None = None
) -> OnnxGraph:
    """Of a run or of an exported file, as `load` takes them: the features of a layer, or with `classifier` the classes.

    Raises as `load`, PackageError where the packages of ONNX are missing, ModelError for what the run has not learnt.
    """
    require("onnx", "An .onnx file")
    if classifier and layer is not None:
        raise ModelError(f"Give a layer ({layer}) for its features, or ask for the classifier, not for both at once.")
    model = load_trained(source, store=store)
    return classifier_graph(model) if classifier else features_graph(model, layer)


def features_graph(model: Trained, layer: int | None = None) -> OnnxGraph:
    """Of a layer, from 1; of the top one when None. Raises ModelError for one that has learnt nothing."""
    stack = learnt_stack(model)
    depth = depth_in(stack, layer)
    return _graph(model, "features", lambda v: stack.activities(v)[depth - 1])


def classifier_graph(model: Trained) -> OnnxGraph:
    """Of the classifier that was trained last. Raises ModelError where there is none."""
    answer = newest_classifier(model)
    if answer is None:
        raise ModelError(
            "This run has no classifier, so there are only its features. Train one with finetune.epochs above 0, or "
            "labels.joint = true."
        )
    return _graph(model, "probabilities", answer, {"classes": json.dumps(model.label_names)})


class _Way(nn.Module):
    """From images to the answer. The networks are named, so that the exporter finds their parameters."""

    def __init__(self, model: Trained, answer: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._networks = nn.ModuleList(
            network for network in (model.dbn, model.untied, model.classifier, model.hybrid) if network is not None
        )
        self._units = model.preprocessing.for_images().mean
        self._answer = answer

    def forward(self, images: Tensor) -> Tensor:
        return self._answer(self._units(images.flatten(1)))


def _graph(
    model: Trained, output: str, answer: Callable[[Tensor], Tensor], facts: dict[str, str] | None = None
) -> OnnxGraph:
    shape = tuple(model.shape)
    sample = torch.zeros(2, *shape)
    way = _Way(model, answer).eval()
    with torch.no_grad():
        width = way(sample).shape[1]
    content = _exported(way, sample, output)
    told = {"data": model.config.data.name, INPUT: "float32 from 0 (black) to 1 (white)", **(facts or {})}
    for name, value in told.items():
        content.metadata_props.add(key=name, value=value)
    return OnnxGraph(content.SerializeToString(), shape, output, width)


def _exported(way: nn.Module, sample: Tensor, output: str) -> Any:
    """The protocol buffer. Any number of images may go in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the exporter says of its own parts
        try:
            program = torch.onnx.export(
                way,
                (sample,),
                dynamo=True,
                verbose=False,
                input_names=[INPUT],
                output_names=[output],
                dynamic_shapes=({0: torch.export.Dim("cases")},),
            )
        except torch.onnx.OnnxExporterError as error:
            raise ModelError(
                "ONNX has no form for this network; its features can still be had by `dbn_core.load` or `features`."
            ) from error
    assert program is not None, "the new exporter gives one"
    content = program.model_proto
    assert content.graph.input[0].type.tensor_type.shape.dim[0].dim_param, "a network fixes the number of images"
    return content
