"""What is learnt is right: exact likelihoods of small models, and real digits."""

from collections.abc import Mapping

import numpy as np
import torch

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.models import DBN, RBM
from dbn_core.training import pretrain, train_rbm
from dbn_core.training.ports import MemoryRecorder
from dbn_core.training.rules.gradients import Gradient, Offsets, Phases
from tests.exact import bars_and_stripes, log_partition, small_rbm, states, visible_distribution


def test_bars_and_stripes_are_learnt_to_near_their_entropy() -> None:
    data = bars_and_stripes()
    assert len(data) == 14  # entropy log 14 = 2.64 nats
    config = RunConfig().with_values(
        {
            "epochs": 3000,
            "batch_size": 14,
            "training.method": "pcd",
            "training.k": 5,
            "training.centring": True,
            "training.learning_rate": 0.02,
            "training.schedule": "linear",
            "training.weight_decay": 0.0,
        }
    )
    rbm = RBM(9, 11, generator=torch.Generator().manual_seed(3))
    train_rbm(rbm, data, config)
    exact = rbm.double()
    log_likelihood = (-exact.free_energy(data.double()) - log_partition(exact)).mean().item()
    assert -2.9 < log_likelihood < -np.log(14)


def test_training_on_inverted_data_gives_the_same_likelihood_when_centred() -> None:
    """Centred updates do not care which of the two states is called 1 (exact model expectation, 200 steps)."""
    data = bars_and_stripes().double()
    likelihoods = []
    for flipped in (False, True):
        v = 1 - data if flipped else data
        rbm = small_rbm(9, 5, scale=0.1)
        if flipped:  # the same start in the other code: v -> 1 - v
            rbm.h_bias.add_(rbm.W.sum(1))
            rbm.v_bias.neg_()
            rbm.W.neg_()
        every = states(9)
        for _ in range(200):
            p, h = visible_distribution(rbm)[:, None] * len(every), rbm.hidden_mean(every)
            # Phases weighs rows equally: weight them by p instead. h sees the weight, v its mean.
            gradient = _exact_centred(rbm, v, every, p / len(every), h)
            rbm.W.add_(gradient[0], alpha=0.5)
            rbm.v_bias.add_(gradient[1], alpha=0.5)
            rbm.h_bias.add_(gradient[2], alpha=0.5)
        likelihoods.append((-rbm.free_energy(v) - log_partition(rbm)).mean().item())
    assert abs(likelihoods[0] - likelihoods[1]) < 1e-9
    assert likelihoods[0] > -5.0  # and it did learn: the uniform distribution has -6.24


def _exact_centred(rbm: RBM, v: torch.Tensor, every: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> Gradient:
    """`Phases.gradient` with the model's expectation by enumeration, through many weighted copies of each state."""
    copies = 20_011
    counts = (p[:, 0] * copies).round().long()
    index = torch.repeat_interleave(torch.arange(len(every)), counts)
    hidden = rbm.hidden_mean(v)
    return Phases(v, hidden, every[index], h[index]).gradient(Offsets(v.mean(0), hidden.mean(0)))


def test_a_dbn_on_the_bundled_digits_reconstructs_unseen_digits_through_both_layers() -> None:
    data = load_dataset("digits")
    images, heldout = (torch.tensor(part) for part in (data.train[:3000], data.test[:500]))
    config = RunConfig().with_values({"epochs": 4, "batch_size": 50, "training.learning_rate": 0.1})
    recorder = MemoryRecorder()
    pretrain(
        DBN([784, 61, 53], generator=torch.Generator().manual_seed(1)),
        images,
        config,
        heldout=heldout,
        recorder=recorder,
    )
    error = {(position.stage, position.epoch): values["heldout_recon_mse"] for position, values in recorder.rows}
    mean_image = (heldout.float() / 255 - (images.float() / 255).mean(0)).square().mean().item()
    assert error["layer1", 4.0] < 0.5 * mean_image
    assert error["layer2", 8.0] < 0.6 * mean_image  # pixels to pixels through the whole stack


def test_sparsity_target_brings_real_digits_into_the_band() -> None:
    data = load_dataset("digits")
    images = torch.tensor(data.train[:4000])
    activity = {}
    for target in (None, 0.1):
        recorder = MemoryRecorder()
        settings = {
            "epochs": 6,
            "batch_size": 50,
            "learning_rate": 0.1,
            "sparsity_target": target,
            "sparsity_cost": 0.2,
        }
        rbm = RBM(784, 101, generator=torch.Generator().manual_seed(1))
        pretrain(DBN.of([rbm]), images, _config(settings), recorder=recorder)
        activity[target] = recorder.rows[-1][1]["sparsity"]
    assert activity[None] > 0.16
    assert 0.05 < activity[0.1] < 0.15


def _config(settings: Mapping[str, object]) -> RunConfig:
    top = RunConfig.model_fields
    return RunConfig().with_values({k if k in top else f"training.{k}": v for k, v in settings.items()})


def test_dreams_of_a_trained_dbn_are_images_of_the_data_and_not_noise() -> None:
    data = load_dataset("digits")
    images = torch.tensor(data.train[:3000])
    dbn = DBN([784, 61, 53], generator=torch.Generator().manual_seed(1))
    pretrain(dbn, images, RunConfig().with_values({"epochs": 4, "training.learning_rate": 0.1}))
    dreams = dbn.sample(31, 50, generator=torch.Generator().manual_seed(2))
    real = images.float().div(255).flatten(1)
    assert dreams.mean().sub(real.mean()).abs() < 0.05
    assert dreams.var(0).mean() > 0.1 * real.var(0).mean()  # not all the same
    border = torch.zeros(28, 28, dtype=torch.bool)
    border[:2], border[-2:], border[:, :2], border[:, -2:] = True, True, True, True
    assert dreams[:, border.flatten()].mean() < 0.02
