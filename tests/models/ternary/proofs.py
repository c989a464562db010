"""What is asked of the new kind: run in a copy of the engine that has its file and its row, and nothing else."""

import torch

from dbn_core.config import RunConfig, hyperparameter
from dbn_core.likelihood import (
    annealed_importance_sampling,
    base_rates,
    exact_log_partition,
    reverse_annealed_importance_sampling,
)
from dbn_core.models import DBN, RBM
from dbn_core.training import finetune, train_rbm
from dbn_core.training.pretraining import settings_of
from dbn_core.training.rules.gradients import Phases
from dbn_core.training.rules.tempering import Replicas, tempered_phases

CHAINS = 20_011


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def settings_know_it() -> None:
    setting = hyperparameter("visible")
    assert "ternary" in setting.choices
    assert "ternary: each is black, grey or white." in setting.help
    assert RunConfig().with_values({"visible": "ternary"}).visible == "ternary"
    assert settings_of(DBN([7, 5], visible="ternary"))["visible"] == "ternary"


def mathematics_holds() -> None:
    rbm = RBM(5, 7, "ternary", generator=seeded(1), dtype=torch.float64)
    for parameter in rbm.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=seeded(2), dtype=torch.float64))
    every = rbm.visible_units.states(5, torch.arange(3**5))
    h = rbm.hidden_units.states(7, torch.arange(2**7))
    energy = torch.stack([rbm.energy(every, row.expand(len(every), -1)) for row in h], 1)
    torch.testing.assert_close(rbm.free_energy(every), -torch.logsumexp(-energy, 1), rtol=1e-10, atol=1e-10)
    truth = torch.logsumexp(-energy.flatten(), 0).item()
    assert abs(exact_log_partition(rbm) - truth) < 1e-9
    joint = torch.softmax(-energy.flatten(), 0).view_as(energy)
    torch.testing.assert_close(rbm.visible_mean(h), joint.t() @ every / joint.sum(0)[:, None], rtol=1e-9, atol=1e-9)
    p = joint.sum(1)

    def drift(rows: torch.Tensor) -> float:
        index = (rows * 2 @ (3.0 ** torch.arange(5, dtype=torch.float64))).long()
        frequency = torch.bincount(index, minlength=len(p)).double() / len(rows)
        return ((frequency - p).abs() / (p * (1 - p) / len(rows)).sqrt()).max().item()

    start = every[torch.multinomial(p, CHAINS, replacement=True, generator=seeded(3))]
    assert drift(rbm.gibbs(rbm.sample_h(start, seeded(4))[1], 3, seeded(5)).v) < 4.8
    base = base_rates(start, rbm.visible_units)
    below = annealed_importance_sampling(rbm, 501, 500, base, seeded(6))
    above = reverse_annealed_importance_sampling(rbm, start[:501], 500, base, seeded(7), burn_in=0)
    assert below.low <= truth <= above.high
    assert above.high - below.low < 1
    replicas = Replicas.start(rbm, base, 11, 3, seeded(8))
    tempered_phases(rbm, start[:11], replicas, 2, generator=seeded(9))
    assert set(replicas.coldest.unique().tolist()) <= {0.0, 0.5, 1.0}
    gradient = Phases(start, rbm.hidden_mean(start), every, rbm.hidden_mean(every)).gradient()
    for parameter in (rbm.W, rbm.v_bias, rbm.h_bias):
        parameter.requires_grad_(True)
    objective = rbm.free_energy(every).mean() - rbm.free_energy(start).mean()
    graph = torch.autograd.grad(objective, (rbm.W, rbm.v_bias, rbm.h_bias))
    for mine, by_autograd in zip(gradient, graph, strict=True):
        torch.testing.assert_close(mine, by_autograd, rtol=1e-9, atol=1e-9)


def notebooks_train_it() -> None:
    images = torch.rand(97, 15, generator=seeded(1))
    labels = (images[:, 0] > 0.5).long()
    rbm = RBM(15, 7, "ternary", generator=seeded(2))
    assert train_rbm(rbm, images, epochs=2, batch_size=10, method="pcd").value == "done"
    classifier = finetune(DBN.of([rbm]), images, labels)
    assert classifier.classify(images).shape == (97, 2)


if __name__ == "__main__":
    settings_know_it()
    mathematics_holds()
    notebooks_train_it()
    print("proved")
