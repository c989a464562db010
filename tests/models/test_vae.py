"""The VAE's bounds against the truth by quadrature."""

import math

import pytest
import torch
import torch.nn.functional as F

from dbn_core.models import VAE
from tests.exact import states


def small_vae(seed: int = 3) -> VAE:
    """One latent dimension, with a posterior that fits badly, so that the bounds differ."""
    generator = torch.Generator().manual_seed(seed)
    vae = VAE(5, 7, 1, generator=generator, dtype=torch.float64)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.copy_(0.6 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return vae.requires_grad_(False)


def exact_log_likelihood(vae: VAE, v: torch.Tensor) -> torch.Tensor:
    """Log of the integral of p(v | z) N(z; 0, 1) by the trapezoidal rule over [-12, 12]."""
    z = torch.linspace(-12, 12, 20_001, dtype=torch.float64)[:, None]
    logits = vae.decode(z)
    log_joint = v @ logits.t() - F.softplus(logits).sum(1) - 0.5 * z[:, 0].square() - 0.5 * math.log(2 * math.pi)
    return torch.logsumexp(log_joint, 1) + math.log(24 / 20_000)


def test_the_truth_sums_to_one_over_all_images() -> None:
    total = exact_log_likelihood(small_vae(), states(5)).exp().sum().item()
    assert total == pytest.approx(1.0, abs=1e-6)


def test_the_bounds_lie_below_the_truth_and_more_samples_are_tighter() -> None:
    vae, v = small_vae(), states(5)
    truth = exact_log_likelihood(vae, v).mean().item()
    generator = torch.Generator().manual_seed(1)
    bounds = [vae.elbo(v, generator, samples=2003).mean().item()]
    rows = v.repeat(211, 1)
    bounds += [vae.importance_weighted_bound(rows, samples, generator).mean().item() for samples in (5, 50)]
    assert bounds[0] < bounds[1] < bounds[2] <= truth
    assert truth - bounds[2] < 0.5 * (truth - bounds[0])
    many = vae.importance_weighted_bound(v, 5003, generator).mean().item()
    assert many == pytest.approx(truth, abs=0.05)


def test_one_importance_sample_is_the_elbo_on_average() -> None:
    vae, v = small_vae(), states(5)[[3, 17]]
    generator = torch.Generator().manual_seed(1)
    rows = v.repeat_interleave(20_011, 0)
    one = vae.importance_weighted_bound(rows, 1, generator).reshape(2, -1)
    elbo = vae.elbo(rows, generator).reshape(2, -1)
    error = 4 * (one.std(1) + elbo.std(1)) / 20_011**0.5
    assert ((one.mean(1) - elbo.mean(1)).abs() < error).all()


def test_the_divergence_is_that_of_two_normals() -> None:
    """At a decoder that ignores z the ELBO is log p(v) - KL, and KL has a formula of torch's own."""
    vae, v = small_vae(), states(5)
    vae.decoder.weight.zero_()
    mean, log_variance = vae.encode(v)
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    prior = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    divergence = torch.distributions.kl_divergence(posterior, prior).sum(1)
    torch.testing.assert_close(vae.elbo(v), exact_log_likelihood(vae, v) - divergence, atol=1e-6, rtol=1e-6)


def test_a_grey_image_is_worth_the_mean_of_its_binarisations() -> None:
    """The fit to grey pixels is the mean over their random bits, for the same z."""
    vae, grey = small_vae(), torch.tensor([[0.1, 0.9, 0.5, 0.0, 0.3]], dtype=torch.float64)
    logits = vae.decode(torch.tensor([[0.4]], dtype=torch.float64))
    bits = states(5)
    weight = (grey * bits + (1 - grey) * (1 - bits)).prod(1)
    fits = (bits * logits - F.softplus(logits)).sum(1)
    assert (weight @ fits).item() == pytest.approx((grey * logits - F.softplus(logits)).sum().item())


def test_dreams_are_images() -> None:
    dreamt = small_vae().sample(11, torch.Generator().manual_seed(1))
    assert dreamt.shape == (11, 5)
    assert 0 <= dreamt.min() < dreamt.max() <= 1
