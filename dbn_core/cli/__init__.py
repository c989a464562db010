"""The command line, `python -m dbn_core`, or `dbn`. Only commands that train import torch, when they run."""

from dbn_core.cli.app import main

__all__ = ["main"]
