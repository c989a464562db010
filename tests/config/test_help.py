"""The help of a setting is the text below its declaration."""

from dbn_core.config import hyperparameter, hyperparameters
from dbn_core.view.settings import label


def test_every_setting_has_its_help_as_one_paragraph_and_a_label() -> None:
    for item in hyperparameters():
        assert item.label, item.key
        assert item.help.endswith("."), item.key
        assert item.help == " ".join(item.help.split()), item.key


def test_the_help_is_that_of_the_setting_however_it_is_wrapped() -> None:
    assert hyperparameter("training.k").help == "Gibbs steps of the negative phase in each update."
    assert hyperparameter("finetune.patience").help.endswith("and keep the best weights; empty: no early stop.")
    assert hyperparameter("visible").help.startswith("Kind of visible units. bernoulli: ")


def test_no_label_says_its_unit_twice() -> None:
    for item in hyperparameters():
        words = label(item).lower().replace("(", "").replace(")", "").split()
        assert len(words) == len(set(words)), label(item)
    assert label(hyperparameter("batch_size")) == "Batch size (images)"
    assert label(hyperparameter("training.temperatures")) == "Temperatures"
