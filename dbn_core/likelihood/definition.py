"""Which RBMs have a likelihood at all."""

from dbn_core.errors import LikelihoodError
from dbn_core.models import RBM


def refuse_undefined(rbm: RBM) -> None:
    """Raises LikelihoodError for units that no energy describes, and where Z need not be finite.

    Where no side is bounded the energy may fall without end along a direction in which both sides grow.
    """
    visible, hidden = rbm.visible_units.kind, rbm.hidden_units.kind
    for kind in (visible, hidden):
        if not kind.has_energy:
            raise LikelihoodError(
                f"An RBM with {kind.name} units has no likelihood: what they are sampled from is the conditional of no "
                f"joint distribution. Choose units of another kind."
            )
    if not (visible.is_bounded or hidden.is_bounded):
        raise LikelihoodError(
            f"An RBM of {visible.name} visible and {hidden.name} hidden units, both without bounds, need not have a "
            f"finite Z, so its likelihood is not computed. Choose bernoulli units on one side."
        )
