"""Deep Belief Lab's engine: Restricted Boltzmann Machines and Deep Belief Networks.

`from dbn_core import RBM, DBN` and `dbn_core.load` import torch; `import dbn_core` alone does not.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbn_core.loaded import LoadedModel, load
    from dbn_core.models import DBN, RBM

__version__ = "0.1.0"
__all__ = ["DBN", "RBM", "LoadedModel", "__version__", "load"]

# The threads of one matrix product wait for each other. By default they spin for milliseconds (libgomp, as in torch's
# wheels for Linux), and when anything else wants a core, a browser for one, the one that spins takes it from the one it
# waits for: training was 10 to 100 times slower (EXPERIMENTS.md). Read once, when torch is loaded, so it is set here.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")


def __getattr__(name: str) -> object:
    if name in {"RBM", "DBN"}:
        from dbn_core import models

        return getattr(models, name)
    if name in {"load", "LoadedModel"}:
        from dbn_core import loaded

        return getattr(loaded, name)
    raise AttributeError(f"module 'dbn_core' has no attribute {name!r}")
