"""The experiment: which trainings, on which images, from which start; recorded, resumed bit for bit, refused."""

from dataclasses import replace

import pytest
import torch

from dbn_core.config.groups import FEW_LABELS_METHODS
from dbn_core.errors import ConfigError, DataError
from dbn_core.models import FineTuner
from dbn_core.training.checkpoints import unpack
from dbn_core.training.data import UNLABELLED
from dbn_core.training.few_labels import label_counts
from dbn_core.training.learners.few_labels_experiment import FewLabelsLearner, Training, TrainingBatches, trainings
from dbn_core.training.plan import Stage
from tests.training.labelled import EVERY_UPDATE, labelled, numbers, run, settings, staged

SMALL = {"layers": [13], "fewlabels.seeds": 1, "fewlabels.updates": 3, "finetune.dropout": 0.2}


def begun(**flat: object) -> tuple[FewLabelsLearner, TrainingBatches]:
    staged_learner = staged(settings(**SMALL | flat))
    batches = staged_learner.begin(Stage("fewlabels", 1, 15, 1))
    assert isinstance(batches, TrainingBatches)
    assert isinstance(staged_learner.now, FewLabelsLearner)
    return staged_learner.now, batches


def test_numbers_of_labels_rise_by_equal_factors_from_ten_of_each_class_to_all() -> None:
    assert label_counts(60_000, 10) == [100, 490, 2400, 12_000, 60_000]
    assert label_counts(8_000, 10) == [100, 300, 890, 2700, 8000]
    assert label_counts(83, 3) == [3, 7, 16, 36, 83]
    with pytest.raises(DataError, match="use at least 40"):
        label_counts(39, 10)


def test_a_seed_is_complete_before_the_next_begins() -> None:
    plan = trainings(8000, 10, 3)
    assert len(plan) == 45
    assert plan[:4] == [
        Training("frozen", 100, 0),
        Training("global", 100, 0),
        Training("scratch", 100, 0),
        Training("frozen", 300, 0),
    ]
    assert [training.seed for training in plan] == [0] * 15 + [1] * 15 + [2] * 15


def test_methods_see_the_same_images_and_each_as_often() -> None:
    learner, batches = begun(**{"fewlabels.updates": 7, "batch_size": 20})
    used = [batches.order(epoch) for epoch in range(3, 6)]
    assert [len(order) for order in used] == [140] * 3
    assert len({tuple(order.unique().tolist()) for order in used}) == 1
    counts = torch.bincount(used[0])
    assert set(counts[counts > 0].tolist()) == {20}  # 140 places, 7 images
    other_seed, _ = begun(**{"fewlabels.seeds": 2})
    assert not torch.equal(learner._cases_of(3), other_seed._cases_of(3 + 15))


def test_each_method_starts_where_it_should() -> None:
    learner, batches = begun()
    pretrained = FineTuner(learner.dbn, 3)
    for epoch, method in enumerate(FEW_LABELS_METHODS):
        learner.step(batches.batch(batches.order(epoch), 0, learner.generator), float(epoch))
        same = torch.equal(learner.model.layers[0].W, pretrained.layers[0].W)
        assert same == (method == "frozen")
        near = (learner.model.layers[0].W - pretrained.layers[0].W).abs().max() < 0.01
        assert near == (method != "scratch")
        assert learner.rate() == pytest.approx(learner.config.finetune.learning_rate)


def test_every_training_records_its_error_once() -> None:
    _, recorder, _ = run(settings(**SMALL))
    wanted = [training.metric for training in trainings(83, 3, 1)]
    recorded = [name for _, values in recorder.rows for name in values if name.startswith("error/")]
    assert recorded == wanted
    assert all(0 <= numbers(recorder, "fewlabels", name)[0] <= 100 for name in wanted)


def test_resuming_gives_the_same_results_bit_for_bit() -> None:
    config = settings(**SMALL)
    undisturbed, recorder, _ = run(config, cadence=EVERY_UPDATE)
    expected = undisturbed.state()
    within = [saved for saved in recorder.checkpoints if saved.position.stage == "fewlabels"]
    for saved in within[1:-1:11]:
        resumed, later, _ = run(config, unpack(saved.payload), EVERY_UPDATE)
        for name, tensor in resumed.state().items():
            assert torch.equal(tensor, expected[name]), (saved.position, name)
        whole = {n: v for _, values in recorder.rows for n, v in values.items() if n.startswith("error/")}
        again = {n: v for _, values in later.rows for n, v in values.items() if n.startswith("error/")}
        assert again.items() <= whole.items()


@pytest.mark.parametrize("stage", ["finetune.epochs", "hybrid.epochs", "fewlabels.seeds"])
def test_images_without_labels_are_refused_before_the_first_update(stage: str) -> None:
    config = settings(**{"layers": [13], stage: 1})
    data = replace(labelled(config), train_labels=torch.full((83,), UNLABELLED))
    with pytest.raises(
        DataError, match=r"needs a label for every image, and these images have none\. Choose a data set"
    ):
        staged(config, data)


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ConfigError, match="give epochs of pretraining"):
        staged(settings(**SMALL | {"epochs": 0}))
    config = settings(**SMALL)
    with pytest.raises(DataError, match="use at least 12"):
        staged(config, labelled(config, cases=11))
