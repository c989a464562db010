"""The VAE as a stage of a run: it learns, errs by the same definition as an RBM, and goes on bit for bit."""

import pytest
import torch
import torch.nn.functional as F

from dbn_core.models import VAE
from dbn_core.training.learners.variational import VaeLearner
from dbn_core.training.plan import Stage
from tests.training.labelled import assert_resumes_bit_for_bit, numbers, run, settings, staged


def test_training_raises_the_elbo_and_errors_are_the_rbms_by_definition() -> None:
    config = settings(**{"epochs": 0, "vae.epochs": 60, "vae.hidden": 17, "vae.latent": 3, "vae.learning_rate": 0.01})
    learner, recorder, _ = run(config)
    assert numbers(recorder, "vae", "elbo")[-1] > numbers(recorder, "vae", "elbo")[0] + 2
    vae = VAE(35, 17, 3)
    tensors = learner.state()
    vae.load_state_dict({name: tensors[f"vae.{name}"] for name in vae.state_dict()})
    v = learner.data.heldout.float() / 255
    with torch.no_grad():
        mean = vae.reconstruct(v)
    assert numbers(recorder, "vae", "heldout_recon_mse")[-1] == pytest.approx((v - mean).square().mean().item())
    cross_entropy = F.binary_cross_entropy(mean, v).item()
    assert numbers(recorder, "vae", "heldout_recon_ce")[-1] == pytest.approx(cross_entropy, rel=1e-5)
    kinds = {picture.info.kind for picture in recorder.snapshots}
    assert kinds == {"filters", "reconstructions"}


def test_resuming_gives_the_same_vae_bit_for_bit() -> None:
    config = settings(**{"vae.epochs": 2, "vae.hidden": 17, "vae.latent": 3, "data.preprocessing": "bernoulli"})
    assert_resumes_bit_for_bit(config, "vae")


def test_looking_draws_nothing_from_the_runs_generator() -> None:
    learner = staged(settings(**{"epochs": 0, "vae.epochs": 1}))
    learner.begin(Stage("vae", 0, 1, 0))
    assert isinstance(learner.now, VaeLearner)
    before = learner.generator.get_state()
    assert learner.measure() == learner.measure()
    assert torch.equal(learner.generator.get_state(), before)
