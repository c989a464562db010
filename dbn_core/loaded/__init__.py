"""A trained network in a person's hands: `load` finds it, a `LoadedModel` answers for any images; see README."""

from dbn_core.loaded.model import LoadedModel, Provenance
from dbn_core.loaded.onnx_graph import OnnxGraph, onnx_graph
from dbn_core.loaded.source import load

__all__ = ["LoadedModel", "OnnxGraph", "Provenance", "load", "onnx_graph"]
