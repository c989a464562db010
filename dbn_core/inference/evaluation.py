"""What a trained run is worth, as the command line asks it."""

from dbn_core.inference.likelihood import log_likelihood

__all__ = ["log_likelihood"]
