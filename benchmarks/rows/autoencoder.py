"""A deep autoencoder 784-1000-500-250-30 (Hinton & Salakhutdinov 2006): squared error summed over a test image.

A DBN is pretrained and unrolled: its layers up, the same layers transposed down. The code is linear:

    code = c + W x            first layer back = sigmoid(b + W^T (1/2 + code / 4))   as it begins

since 1/2 + f / 4 is sigmoid(f) to first order, the net unrolled starts as what was pretrained. Then all weights, up and
down apart, descend the squared error.
"""

import time

import torch
from torch import Tensor, nn

from benchmarks.rows.bench import Bench
from benchmarks.rows.row import Outcome, Row
from dbn_core.models import DBN
from dbn_core.training.batches import Batches
from dbn_core.training.data import TrainingData
from dbn_core.training.inputs import CHUNK
from dbn_core.training.learners.descent import Descent, cosine

LAYERS = [1000, 500, 250, 30]
RATE = 1e-3


class Autoencoder(nn.Module):
    """`dbn` unrolled; biases of both ways learn, too."""

    def __init__(self, dbn: DBN) -> None:
        super().__init__()
        self.up_W = nn.ParameterList([rbm.W.detach().clone() for rbm in dbn.layers])
        self.up_bias = nn.ParameterList([rbm.h_bias.detach().clone() for rbm in dbn.layers])
        self.down_W = nn.ParameterList([rbm.W.detach().clone() for rbm in dbn.layers])
        self.down_bias = nn.ParameterList([rbm.v_bias.detach().clone() for rbm in dbn.layers])
        with torch.no_grad():
            self.down_bias[-1] += self.down_W[-1].sum(0) / 2
            self.down_W[-1] /= 4

    def code(self, v: Tensor) -> Tensor:
        """(batch, 30), linear."""
        for depth, (W, bias) in enumerate(zip(self.up_W, self.up_bias, strict=True), 1):
            v = torch.addmm(bias, v, W.t())
            v = torch.sigmoid(v) if depth < len(self.up_W) else v
        return v

    def forward(self, v: Tensor) -> Tensor:
        """Images back from their codes, (batch, pixels) in [0, 1]."""
        x = self.code(v)
        for W, bias in zip(reversed(self.down_W), reversed(self.down_bias), strict=True):
            x = torch.sigmoid(torch.addmm(bias, x, W))
        return x


def _measure(bench: Bench) -> Outcome:
    values = {
        "layers": LAYERS,
        "epochs": bench.pick(5, 6),
        "training.learning_rate": 0.1,
        "training.schedule": "linear",
    }
    start = bench.pretrained(bench.config(values))
    data, epochs = start.learner.data, bench.pick(10, 20)
    model = Autoencoder(start.learner.dbn)
    began = time.perf_counter()
    _descend(model, data, epochs, bench)
    seconds = start.seconds + time.perf_counter() - began
    error = squared_error(model, data)
    note = f"unrolled: {epochs} epochs of AdamW at {RATE:g} along a cosine, on the squared error itself"
    figures = {"squared error": error, "PCA-30": pca_error(data, LAYERS[-1])}
    return Outcome(figures, seconds, start.settings, note)


def _descend(model: Autoencoder, data: TrainingData, epochs: int, bench: Bench) -> None:
    descent = Descent(dict(model.named_parameters()))
    batches = Batches(data.inputs, 100, bench.seed, len(LAYERS), data.preprocessing)
    for epoch in range(epochs):
        order, total = batches.order(epoch), 0.0
        for index in range(batches.count):
            v = batches.batch(order, index, None).v
            with torch.enable_grad():
                loss = (model(v) - v).square().sum(1).mean()
                descent.step(loss, cosine(RATE, epoch + index / batches.count, epochs), 0.0)
            total += loss.item() * len(v)
        bench.say(f"unrolled: epoch {epoch + 1} of {epochs}, squared error in training {total / len(data.train):.2f}")


@torch.no_grad()
def squared_error(model: nn.Module, data: TrainingData) -> float:
    """Mean over test images of the sum over pixels in [0, 1]."""
    rows = [data.preprocessing.mean(part) for part in data.heldout.split(CHUNK)]
    return sum((model(v) - v).square().sum(dtype=torch.float64).item() for v in rows) / len(data.heldout)


@torch.no_grad()
def pca_error(data: TrainingData, components: int) -> float:
    """The same of the best linear code, fitted on training images."""
    train, test = (data.preprocessing.mean(part).double() for part in (data.train, data.heldout))
    mean = train.mean(0)
    basis = torch.linalg.eigh(torch.cov(train.t())).eigenvectors[:, -components:]
    centred = test - mean
    return (centred - centred @ basis @ basis.t()).square().sum(1).mean().item()


ROWS = (
    Row(
        "autoencoder",
        "Deep autoencoder 784-1000-500-250-30, squared error an image",
        "squared error",
        "3.00, PCA-30 13.87 (Hinton & Salakhutdinov 2006)",
        _measure,
    ),
)
