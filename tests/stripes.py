"""Bars and stripes learnt in a given precision, and how well, exactly: the best there is is -log 14 = -2.639 nats."""

import torch

from dbn_core.config import RunConfig
from dbn_core.models import RBM
from dbn_core.training import train_rbm
from tests.exact import bars_and_stripes, log_partition


def stripes_log_likelihood(precision: str, device: str = "cpu") -> float:
    """Nats a case, in float64, after 1,500 epochs of centred PCD-3."""
    config = RunConfig().with_values(
        {
            "precision": precision,
            "epochs": 1500,
            "batch_size": 14,
            "training.method": "pcd",
            "training.k": 3,
            "training.centring": True,
            "training.schedule": "linear",
            "training.weight_decay": 0.0,
        }
    )
    data, rbm = bars_and_stripes(), RBM(9, 11, generator=torch.Generator().manual_seed(3), device=device)
    train_rbm(rbm, data.to(device), config)
    exact = rbm.double().cpu()
    return (-exact.free_energy(data.double()) - log_partition(exact)).mean().item()
