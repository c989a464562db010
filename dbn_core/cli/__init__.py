"""The command line, `python -m dbn_core`. Only commands that train import torch, and only when they run."""

from dbn_core.cli.app import main

__all__ = ["main"]
