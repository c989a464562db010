"""Deep Belief Lab's engine: Restricted Boltzmann Machines and Deep Belief Networks.

`from dbn_core import RBM, DBN` imports torch; `import dbn_core` alone does not.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbn_core.models import DBN, RBM

__version__ = "0.1.0"
__all__ = ["DBN", "RBM", "__version__"]


def __getattr__(name: str) -> object:
    if name in {"RBM", "DBN"}:
        from dbn_core import models

        return getattr(models, name)
    raise AttributeError(f"module 'dbn_core' has no attribute {name!r}")
