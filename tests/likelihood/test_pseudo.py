"""The pseudo-likelihood is what enumerating the other units gives."""

import pytest
import torch

from dbn_core.errors import LikelihoodError
from dbn_core.likelihood.pseudo import pseudo_log_likelihood
from dbn_core.models import RBM


def test_each_unit_is_judged_by_its_conditional_given_all_others() -> None:
    generator = torch.Generator().manual_seed(1)
    rbm = RBM(5, 3, generator=generator, dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.normal_(generator=generator)
    v = (torch.rand(7, 5, generator=generator, dtype=torch.float64) < 0.5).double()
    expected = torch.zeros(7, dtype=torch.float64)
    for unit in range(5):
        both = []
        for value in (0.0, 1.0):
            other = v.clone()
            other[:, unit] = value
            both.append(-rbm.free_energy(other))
        conditional = torch.stack(both, 1).log_softmax(1)
        expected += conditional.gather(1, v[:, unit : unit + 1].long())[:, 0]
    torch.testing.assert_close(pseudo_log_likelihood(rbm, v), expected)


def test_a_grey_unit_counts_as_both_of_its_values_by_their_probability() -> None:
    rbm = RBM(1, 3, dtype=torch.float64)
    rbm.v_bias.fill_(0.7)
    zero, one, grey = pseudo_log_likelihood(rbm, torch.tensor([[0.0], [1.0], [0.3]], dtype=torch.float64))
    torch.testing.assert_close(grey, 0.7 * zero + 0.3 * one)


def test_units_without_such_conditionals_are_refused() -> None:
    for rbm in (RBM(4, 3, "gaussian"), RBM(4, 3, hidden="relu")):
        with pytest.raises(LikelihoodError, match="compare free energies"):
            pseudo_log_likelihood(rbm, torch.zeros(2, 4))
