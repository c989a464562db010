"""A variational autoencoder with a Bernoulli decoder (Kingma & Welling 2014): what a DBN is compared with.

    z ~ N(0, I)        p(v | z) = prod_i Bernoulli(v_i; sigmoid(decoder_i(z)))        q(z | v) = N(m(v), diag s(v)^2)
    log p(v) >= ELBO(v) = E_q[log p(v | z)] - KL(q(z | v) | p(z)),
    KL = 1/2 sum_d (m_d^2 + s_d^2 - 1 - log s_d^2)

Encoder and decoder have one hidden layer of rectified linear units each. A grey image v in [0, 1] stands for its random
binarisations: E_q[log p(v | z)] is linear in v, so the ELBO at v is a lower bound of their mean log-likelihood.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.linear import start_layer


class VAE(nn.Module):
    """`n_visible` pixels, `hidden` units in the encoder and in the decoder, `latent` dimensions.

    Weights start uniform within sqrt(6 / fan in) for rectified units and sqrt(3 / fan in) for the outputs, drawn from
    `generator`; biases at 0.
    """

    def __init__(
        self,
        n_visible: int,
        hidden: int,
        latent: int,
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.n_visible, self.latent = n_visible, latent
        # Empty first: torch's own start would draw from its global generator.
        with torch.device("meta"):
            self.encoder, self.mean = nn.Linear(n_visible, hidden), nn.Linear(hidden, latent)
            self.log_variance, self.decoder = nn.Linear(hidden, latent), nn.Linear(latent, hidden)
            self.output = nn.Linear(hidden, n_visible)
        self.to_empty(device=device).to(dtype)
        for layer, gain in (
            (self.encoder, 6.0),
            (self.mean, 3.0),
            (self.log_variance, 3.0),
            (self.decoder, 6.0),
            (self.output, 3.0),
        ):
            start_layer(layer, gain, generator)

    def encode(
        self, v: Float[Tensor, "batch visible"]
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """(m, log s^2) of q(z | v)."""
        hidden = F.relu(self.encoder(v))
        return self.mean(hidden), self.log_variance(hidden)

    def decode(self, z: Float[Tensor, "batch latent"]) -> Float[Tensor, "batch visible"]:
        """Logits of the pixels."""
        return self.output(F.relu(self.decoder(z)))

    def reconstruct(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch visible"]:
        """Mean image at the posterior mean m(v): nothing is drawn."""
        return torch.sigmoid(self.decode(self.encode(v)[0]))

    def sample(self, n: int, generator: torch.Generator | None = None) -> Float[Tensor, "n visible"]:
        """`n` images dreamt: z from the prior, then the means of the pixels, in [0, 1]."""
        like = self.output.weight
        return torch.sigmoid(self.decode(_normal((n, self.latent), like, generator)))

    def elbo(
        self, v: Float[Tensor, "batch visible"], generator: torch.Generator | None = None, samples: int = 1
    ) -> Float[Tensor, " batch"]:
        """Estimate of the ELBO of each image from `samples` draws of q, nats; the KL part is exact."""
        mean, log_variance = self.encode(v)
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)
        fits = [_log_likelihood(v, self.decode(_draw(mean, log_variance, generator))) for _ in range(samples)]
        return torch.stack(fits).mean(0) - divergence

    def loss(self, v: Float[Tensor, "batch visible"], generator: torch.Generator | None = None) -> Tensor:
        """Minus the mean ELBO over the batch, nats per image: what training descends."""
        return -self.elbo(v, generator).mean()

    def importance_weighted_bound(
        self, v: Float[Tensor, "batch visible"], samples: int = 50, generator: torch.Generator | None = None
    ) -> Float[Tensor, " batch"]:
        """Log mean of `samples` importance weights p(v, z) / q(z | v) for each image, nats (Burda et al. 2016).

        Its expectation is a lower bound of log p(v) that rises with `samples`; at 1 it is the ELBO. v should be binary:
        for grey images it bounds nothing. Sums in float64.
        """
        mean, log_variance = self.encode(v)
        weights = torch.stack([self._log_weight(v, mean, log_variance, generator) for _ in range(samples)])
        return torch.logsumexp(weights, dim=0) - math.log(samples)

    def _log_weight(
        self, v: Tensor, mean: Tensor, log_variance: Tensor, generator: torch.Generator | None
    ) -> Float[Tensor, " batch"]:
        """Log p(v | z) + log p(z) - log q(z | v) at one draw z, float64."""
        z = _draw(mean, log_variance, generator)
        fit = _log_likelihood(v, self.decode(z)).double()
        noise = (z - mean).square() / log_variance.exp()
        return fit + 0.5 * (noise + log_variance - z.square()).sum(1).double()


def _log_likelihood(v: Tensor, logits: Tensor) -> Tensor:
    """Sum over pixels of v log p + (1 - v) log(1 - p), (batch,)."""
    return (v * logits - F.softplus(logits)).sum(1)


def _draw(mean: Tensor, log_variance: Tensor, generator: torch.Generator | None) -> Tensor:
    return mean + _normal(mean.shape, mean, generator) * torch.exp(log_variance / 2)


def _normal(shape: tuple[int, ...], like: Tensor, generator: torch.Generator | None) -> Tensor:
    return torch.randn(shape, generator=generator, device=like.device, dtype=like.dtype)
