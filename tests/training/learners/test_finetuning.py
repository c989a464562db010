"""Fine-tuning: it learns, goes on bit for bit, leaves frozen layers alone, stops early, wants labels."""

import pytest
import torch
import torch.nn.functional as F

from dbn_core.errors import DataError
from dbn_core.models import DBN, FineTuner, UntiedDBN
from dbn_core.training.checkpoints import unpack
from dbn_core.training.learners.descent import Descent, cosine
from dbn_core.training.learners.finetuning import FineTuneLearner
from dbn_core.training.plan import Stage
from tests.training.labelled import EVERY_UPDATE, images, labelled, numbers, run, settings, staged

VARIANTS = {
    "global, all dropouts, a limit, smoothing": {
        "finetune.dropout": 0.3,
        "finetune.input_dropout": 0.1,
        "finetune.max_norm": 2.0,
        "finetune.label_smoothing": 0.1,
        "data.preprocessing": "bernoulli",
    },
    "sgd with an early stop": {"finetune.optimiser": "sgd", "finetune.patience": 2, "finetune.learning_rate": 0.05},
    "mixed precision, dropout": {"precision": "mixed", "finetune.dropout": 0.3},
    "frozen, few labels": {"finetune.mode": "frozen", "finetune.labels": 31, "finetune.patience": 3},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_resuming_from_any_checkpoint_gives_the_same_classifier_bit_for_bit(variant: str) -> None:
    config = settings(**{"finetune.epochs": 3} | VARIANTS[variant])
    undisturbed, recorder, _ = run(config, cadence=EVERY_UPDATE)
    expected = undisturbed.state()
    within = [saved for saved in recorder.checkpoints if saved.position.stage == "finetune"]
    assert len(within) >= 4
    for saved in within[:-1]:
        resumed, _, _ = run(config, unpack(saved.payload), EVERY_UPDATE)
        for name, tensor in resumed.state().items():
            assert torch.equal(tensor, expected[name]), (saved.position, name)


def test_it_learns_and_says_how_well() -> None:
    config = settings(
        **{"layers": [13], "finetune.epochs": 40, "finetune.learning_rate": 0.03, "finetune.dropout": 0.0}
    )
    learner, recorder, _ = run(config)
    errors = numbers(recorder, "finetune", "test_error")
    assert numbers(recorder, "finetune", "heldout_error")[0] > 40
    assert errors[-1] < 5
    assert numbers(recorder, "finetune", "loss")[0] == pytest.approx(torch.tensor(3.0).log().item(), abs=1e-6)
    tensors = learner.state()
    classifier = FineTuner(learner.dbn, 3)
    classifier.load_state_dict({name: tensors[f"classifier.{name}"] for name in classifier.state_dict()})
    pixels, labels = images(41, seed=5)
    wrong = (classifier(pixels.float() / 255).argmax(1) != labels).double().mean().item()
    assert errors[-1] == pytest.approx(100 * wrong)


def test_the_run_keeps_its_greedy_layers_and_the_classifier_its_own() -> None:
    config = settings(**{"finetune.epochs": 4, "finetune.learning_rate": 0.05})
    learner, recorder, _ = run(config)
    before = next(unpack(c.payload).tensors for c in recorder.checkpoints if c.position.stage == "layer2")
    greedy = [c for c in recorder.checkpoints if c.position.stage == "layer2" and c.keep == "stage"]
    tensors, after = unpack(greedy[-1].payload).tensors, learner.state()
    assert before.keys() <= after.keys() | {name for name in before if not name.startswith("layer")}
    for layer in ("layer1.W", "layer2.W", "layer2.h_bias"):
        assert torch.equal(tensors[layer], after[layer])
    assert not torch.equal(after["classifier.stack.0.W"], after["layer1.W"])


def test_a_frozen_classifier_leaves_its_layers_untouched() -> None:
    frozen = {"finetune.mode": "frozen", "finetune.dropout": 0.0, "finetune.learning_rate": 0.05}
    config = settings(**{"layers": [13], "epochs": 20, "training.learning_rate": 0.2, "finetune.epochs": 20} | frozen)
    learner, recorder, _ = run(config)
    after = learner.state()
    assert torch.equal(after["classifier.stack.0.W"], after["layer1.W"])
    assert torch.equal(after["classifier.stack.0.bias"], after["layer1.h_bias"])
    assert after["classifier.head.W"].abs().max() > 0.1
    losses = numbers(recorder, "finetune", "loss")
    assert losses[-1] < 0.8 * losses[0]


def test_a_net_that_was_never_pretrained_starts_where_sigmoid_nets_can_learn() -> None:
    config = settings(**{"epochs": 0, "finetune.epochs": 1})
    learner = staged(config)
    learner.begin(Stage("finetune", 0, 1, 0))
    now = learner.now
    assert isinstance(now, FineTuneLearner)
    weights = now.model.layers[0].W.detach()
    end = 4 * (6 / (35 + 13)) ** 0.5
    assert weights.abs().max() <= end
    assert weights.std().item() == pytest.approx(end / 3**0.5, rel=0.1)


def test_early_stop_keeps_the_best_epoch() -> None:
    config = settings(**{"finetune.epochs": 200, "finetune.patience": 3, "finetune.learning_rate": 0.02})
    learner, recorder, _ = run(config)
    errors = numbers(recorder, "finetune", "validation_error")
    assert len(errors) < 200
    best = errors.index(min(errors))
    assert len(errors) == best + 1 + 3
    now = learner.now
    assert isinstance(now, FineTuneLearner)
    aside = now._aside
    assert now.error(now.data.train[aside], now.data.train_labels[aside]) == min(errors)
    assert not set(aside.tolist()) & set(now.cases.tolist())


def test_up_down_hands_its_recognition_weights_on() -> None:
    config = settings(**{"updown.epochs": 1, "finetune.epochs": 1})
    learner, recorder, _ = run(config)
    begun = next(c for c in recorder.checkpoints if c.position.stage == "finetune")
    tensors = unpack(begun.payload).tensors
    assert torch.equal(tensors["classifier.stack.0.W"], tensors["untied._directed.0.recognition"])
    assert not torch.equal(tensors["classifier.stack.0.W"], tensors["layer1.W"])
    assert "untied.top.W" in learner.state()


def test_stages_that_are_over_leave_nothing_of_their_optimiser_behind() -> None:
    config = settings(**{"finetune.epochs": 1})
    _, recorder, _ = run(config)
    last = unpack(recorder.checkpoints[-1].payload).tensors
    assert {name.split(".")[0] for name in last} <= {"layer1", "layer2", "classifier", "descent", "generator"}


def test_test_error_is_scored_as_often_as_it_costs() -> None:
    few = settings(**{"finetune.epochs": 20, "finetune.labels": 12})
    _, recorder, _ = run(few)
    # 12 images an epoch against 41 test images: a score every 41 / 12 epochs, and the last one.
    assert len(numbers(recorder, "finetune", "test_error")) == 240 // 41 + 1


def test_pictures_are_first_layer_weights_of_the_classifier() -> None:
    config = settings(**{"finetune.epochs": 2})
    _, recorder, _ = run(config)
    drawn = [picture for picture in recorder.snapshots if picture.info.position.stage == "finetune"]
    assert drawn
    assert drawn[0].pixels.shape == (13, 5, 7)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [(2, "finetune.labels is 2 but there are 3 classes"), (84, "finetune.labels is 84 but the run has 83")],
)
def test_impossible_numbers_of_labels_are_refused_before_the_first_update(wanted: int, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        staged(settings(**{"finetune.epochs": 1, "finetune.labels": wanted}))


def test_a_class_without_examples_is_named() -> None:
    config = settings(**{"finetune.epochs": 1})
    data = labelled(config)
    data.train_labels[data.train_labels == 1] = 2
    with pytest.raises(DataError, match="None of the 83 training images shows 'middle'"):
        staged(config, data)


def test_gaussian_units_and_label_units_are_classified_as_the_dbn_sees_them() -> None:
    config = settings(**{"visible": "gaussian", "data.preprocessing": "standard", "labels.joint": True})
    learner = staged(config)
    first = learner.dbn.layers[0]
    first.get_parameter("visible_units.log_variance").normal_(generator=torch.Generator().manual_seed(1))
    v = learner.data.preprocessing.mean(learner.data.heldout)
    model = FineTuner(learner.dbn, 3)
    torch.testing.assert_close(model.features(v, 1), learner.dbn.up(v, 1))
    top = learner.dbn.layers[1]
    same = torch.full((len(v), 3), 1 / 3)
    expected = top.hidden_mean(torch.cat([learner.dbn.up(v, 1), same], 1))
    torch.testing.assert_close(model.features(v), expected)


def test_an_untied_network_is_followed_up_its_recognition_weights() -> None:
    untied = UntiedDBN(DBN([35, 13, 11], generator=torch.Generator().manual_seed(1)))
    untied.directed[0].recognition.add_(0.1)
    v = torch.rand(5, 35)
    torch.testing.assert_close(FineTuner(untied, 3).features(v), untied.features(v))


def test_adamw_is_the_published_update() -> None:
    """Against the formula written out, float64: decay on the weights only, bias-corrected moments."""
    generator = torch.Generator().manual_seed(2)
    W = torch.nn.Parameter(torch.randn(3, 5, generator=generator, dtype=torch.float64))
    b = torch.nn.Parameter(torch.randn(3, generator=generator, dtype=torch.float64))
    x, y = torch.randn(7, 5, generator=generator, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1, 2, 0])
    expected = [W.detach().clone(), b.detach().clone()]
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in expected]
    descent = Descent({"W": W, "b": b})
    for t in range(1, 4):
        loss = F.cross_entropy(x @ W.t() + b, y)
        slopes = torch.autograd.grad(loss, (W, b), retain_graph=True)
        descent.step(loss, 0.01, 0.3)
        for index, slope in enumerate(slopes):
            m = moments[index][0].mul_(0.9).add_(slope, alpha=0.1)
            v = moments[index][1].mul_(0.999).add_(slope.square(), alpha=0.001)
            if index == 0:
                expected[0] *= 1 - 0.01 * 0.3
            expected[index] -= 0.01 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
    torch.testing.assert_close(W.detach(), expected[0])
    torch.testing.assert_close(b.detach(), expected[1])


def test_the_rate_falls_along_half_a_cosine() -> None:
    assert [cosine(0.2, epoch, 8) for epoch in (0, 4, 8, 9)] == pytest.approx([0.2, 0.1, 0.0, 0.0])
