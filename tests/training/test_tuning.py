"""What notebooks call: `finetune`, and `compare_models` done right."""

import pytest
import torch
import torch.nn.functional as F

from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.metrics import compare_models
from dbn_core.models import DBN, RBM, VAE
from dbn_core.training import finetune, pretrain
from dbn_core.training.ports import MemoryRecorder
from tests.training.labelled import SHAPE, images, numbers


def test_a_notebook_pretrains_and_finetunes() -> None:
    pixels, labels = images(211)
    other, truth = images(101, seed=5)
    flat = {"epochs": 10, "batch_size": 20, "finetune.learning_rate": 0.03, "finetune.dropout": 0.0}
    config = RunConfig().with_values(flat)
    dbn = DBN([35, 13], generator=torch.Generator().manual_seed(1))
    pretrain(dbn, pixels.reshape(-1, *SHAPE), config)
    before = dbn.layers[0].W.clone()
    recorder = MemoryRecorder()
    classifier = finetune(dbn, pixels, labels, config, heldout=other, heldout_labels=truth, recorder=recorder)
    error = 100 * (classifier.classify(other.float() / 255).argmax(1) != truth).double().mean().item()
    assert error < 10
    assert numbers(recorder, "finetune", "test_error")[-1] == pytest.approx(error)
    assert recorder.rows[-1][0].epoch == 20
    assert torch.equal(dbn.layers[0].W, before)
    assert not any(parameter.requires_grad for parameter in classifier.parameters())


def test_labels_that_do_not_fit_get_a_sentence() -> None:
    pixels, labels = images(23)
    dbn = DBN([35, 13], generator=torch.Generator().manual_seed(1))
    with pytest.raises(DataError, match="23 whole numbers from 0"):
        finetune(dbn, pixels, labels[:11])
    with pytest.raises(DataError, match="23 whole numbers from 0"):
        finetune(dbn, pixels, labels - 1)
    with pytest.raises(DataError, match="at least 2 classes"):
        finetune(dbn, pixels, torch.zeros(23, dtype=torch.int64))
    with pytest.raises(DataError, match="give heldout_labels"):
        finetune(dbn, pixels, labels, heldout=pixels)
    with pytest.raises(DataError, match="shows '1'"):
        finetune(dbn, pixels, labels.clamp(min=1) - 1 + (labels > 1))


def test_models_are_compared_image_by_image_whatever_the_batches() -> None:
    generator = torch.Generator().manual_seed(1)
    v = torch.rand(53, 35, generator=generator)
    models = {
        "rbm": RBM(35, 7, generator=generator),
        "dbn": DBN([35, 13, 11], generator=generator),
        "vae": VAE(35, 7, 3, generator=generator),
    }
    whole, parts = compare_models(models, v), compare_models(models, v.split(20))
    for name, model in models.items():
        mean = model.reconstruct(v)
        assert whole[name]["recon_mse"] == pytest.approx((mean - v).square().mean().item())
        assert whole[name]["recon_ce"] == pytest.approx(F.binary_cross_entropy(mean, v).item())
        assert parts[name] == pytest.approx(whole[name])
    with pytest.raises(ValueError, match="no images"):
        compare_models(models, [])
