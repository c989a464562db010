"""DBNs among estimators, alone and in pipelines and grid searches."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from dbn_core.data import load_dataset
from dbn_core.sklearn import DBNClassifier, DBNTransformer, RBMTransformer

DIGITS = load_dataset("digits")
X = DIGITS.train[:400, 4:24:2, 4:24:2].reshape(400, 100) / 255.0
Y = np.array([f"digit {label}" for label in DIGITS.train_labels[:400]])


def anew(estimator: Any, **parameters: Any) -> Any:
    """Not trained, with other parameters."""
    copy: Any = clone(estimator)
    return copy.set_params(**parameters)


def test_a_stack_gives_the_features_of_its_top_layer() -> None:
    dbn = DBNTransformer((17, 11), epochs=2, random_state=0).fit(X)
    x = torch.tensor(X)
    for layer in dbn.dbn_.layers:
        x = torch.sigmoid(layer.h_bias + x @ layer.W.T)
    np.testing.assert_allclose(dbn.transform(X), x.numpy(), rtol=1e-9)
    assert list(dbn.get_feature_names_out()) == [f"dbntransformer{unit}" for unit in range(11)]


def test_a_classifier_learns_classes_by_their_names() -> None:
    classifier = DBNClassifier((41,), epochs=5, finetune_epochs=60, random_state=0).fit(X[:300], Y[:300])
    assert list(classifier.classes_) == [f"digit {label}" for label in range(10)]
    shares = classifier.predict_proba(X[300:])
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-9)
    assert (classifier.predict(X[300:]) == classifier.classes_[shares.argmax(1)]).all()
    assert classifier.score(X[300:], Y[300:]) > 0.6


def test_pretraining_is_what_a_frozen_classifier_stands_on() -> None:
    settings = {"finetune.mode": "frozen"}
    classifier = DBNClassifier((41,), epochs=3, finetune_epochs=3, random_state=0, settings=settings).fit(X, Y)
    assert torch.equal(classifier.classifier_.layers[0].W, classifier.dbn_.layers[0].W)
    scratch = DBNClassifier((41,), epochs=0, finetune_epochs=2, random_state=0).fit(X, Y)
    assert scratch.predict_proba(X).shape == (400, 10)
    assert not torch.equal(scratch.classifier_.layers[0].W, scratch.dbn_.layers[0].W)


@pytest.mark.parametrize("estimator", [DBNTransformer(), DBNClassifier()])
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"hidden_layer_sizes": 64}, r"hidden_layer_sizes is 64; give the units of each layer, .* \(64,\)"),
        ({"hidden_layer_sizes": "64"}, "hidden_layer_sizes is '64'"),
        ({"hidden_layer_sizes": None}, "hidden_layer_sizes is None"),
        ({"hidden_layer_sizes": (5, 2.5)}, "must be a whole number, not 2.5"),
        ({"hidden_layer_sizes": ()}, "at least one hidden layer"),
        ({"settings": "abc"}, "settings: 'abc' is no mapping"),
        ({"settings": [1]}, r"settings: \[1\] is no mapping"),
    ],
)
def test_parameters_of_other_kinds_are_value_errors_that_name_them(
    estimator: DBNClassifier, settings: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        anew(estimator, epochs=1, **settings).fit(X[:40], Y[:40])


def test_sizes_may_be_an_array() -> None:
    assert anew(DBNTransformer(epochs=1), hidden_layer_sizes=np.array([7, 5])).fit(X[:40]).dbn_.sizes == (100, 7, 5)


@pytest.mark.parametrize("estimator", [RBMTransformer(5), DBNTransformer((5,)), DBNClassifier((5,), finetune_epochs=1)])
def test_rows_of_other_folds_beyond_0_to_1_are_refused_with_what_keeps_them_inside(estimator: Any) -> None:
    fitted = anew(estimator, epochs=1).fit(X, Y)
    answer = fitted.predict_proba if hasattr(fitted, "predict_proba") else fitted.transform
    with pytest.raises(
        ValueError, match=r"0 to 1\.2 are no grey values.* MinMaxScaler\(clip=True\).*visible=\"gaussian\""
    ):
        answer(X * 1.2)
    answer(np.clip(X * 1.2, 0, 1))
    with pytest.raises(ValueError, match=r"MinMaxScaler\(clip=True\)"):
        anew(estimator, epochs=1, visible="bernoulli").fit(X * 2, Y)


@pytest.mark.parametrize(
    ("load", "reached"),  # at its defaults, mean of three folds: 0.960, 0.972 and 0.983
    [(load_iris, 0.93), (load_breast_cancer, 0.95), (load_digits, 0.95)],
)
def test_the_defaults_do_well_on_small_tables(load: Callable[..., Any], reached: float) -> None:
    rows, labels = load(return_X_y=True)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    classifier = make_pipeline(MinMaxScaler(clip=True), DBNClassifier(random_state=0))
    assert cross_val_score(classifier, rows, labels, cv=folds).mean() > reached


def test_settings_may_name_what_fine_tuning_has_of_its_own() -> None:
    named = DBNClassifier((5,), epochs=1, finetune_epochs=2, random_state=0, settings={"finetune.learning_rate": 0.1})
    own = DBNClassifier((5,), epochs=1, finetune_epochs=2, random_state=0, finetune_learning_rate=0.1)
    np.testing.assert_array_equal(named.fit(X, Y).predict_proba(X), own.fit(X, Y).predict_proba(X))


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="of one class"):
        DBNClassifier((5,), epochs=1).fit(X, np.zeros(400))


def test_a_grid_over_a_pipeline_is_searched_by_two_processes() -> None:
    pipeline = make_pipeline(
        MinMaxScaler(clip=True), RBMTransformer(29, epochs=5, random_state=0), LogisticRegression(max_iter=500)
    )
    grid = {"rbmtransformer__learning_rate": [1e-6, 0.2]}
    two, one = (GridSearchCV(pipeline, grid, cv=2, n_jobs=jobs).fit(X, Y) for jobs in (2, 1))
    assert two.best_params_ == {"rbmtransformer__learning_rate": 0.2}
    np.testing.assert_allclose(two.cv_results_["mean_test_score"], one.cv_results_["mean_test_score"])
    names = two.best_estimator_[:-1].get_feature_names_out()
    assert list(names[:2]) == ["rbmtransformer0", "rbmtransformer1"]
    assert two.predict_proba(X).shape == (400, 10)


def test_the_package_loads_no_scikit_learn_and_says_in_a_sentence_where_it_is_missing() -> None:
    code = (
        "import sys, dbn_core; assert 'sklearn' not in sys.modules; sys.modules['sklearn'] = None\n"
        "try:\n    import dbn_core.sklearn\nexcept ModuleNotFoundError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "dbn_core.sklearn needs scikit-learn, which is not installed; install it with: pip install scikit-learn"
    )
