"""Maps of features: PCA against its definition, t-SNE the same each time, both of the layer that was asked for."""

import numpy as np
import pytest

from dbn_core.errors import StoreError
from dbn_core.inference.feature_map import agreement, feature_map, principal_components
from dbn_core.inference.loading import trained
from dbn_core.store import Run
from tests.inference.training import StoredRun


def last(run: Run) -> int:
    return run.checkpoints()[-1].id


def test_principal_components_are_the_eigenvectors_of_the_covariance() -> None:
    generator = np.random.default_rng(5)
    rows = (generator.normal(size=(101, 7)) @ generator.normal(size=(7, 7)) + 3).astype(np.float32)
    placed, shares = principal_components(rows, 3)
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    expected = (rows - rows.mean(0)) @ vectors[:, ::-1][:, :3]
    np.testing.assert_allclose(np.abs(placed), np.abs(expected), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(shares, values[::-1][:3] / values.sum(), rtol=1e-4)
    longest = placed[np.abs(placed).argmax(0), range(3)]
    assert (longest > 0).all()


def test_the_map_of_a_layer_is_the_pca_of_its_means(trained_run: StoredRun) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last(run))
    answer = feature_map(store.url, run.id, last(run), 2, "pca", 211)
    features = model.dbn.up(model.data.preprocessing.mean(model.data.heldout[:211]), 2).numpy()
    np.testing.assert_allclose(answer["places"], principal_components(features, 2)[0], atol=1e-4)
    assert answer["units"] == 23
    assert np.array_equal(answer["labels"], model.data.heldout_labels[:211].numpy())
    assert np.array_equal(answer["pixels"].reshape(211, -1), model.data.heldout[:211].numpy())
    assert feature_map(store.url, run.id, last(run), 0, "pca", 211)["units"] == 784


def test_t_sne_is_the_same_each_time_and_keeps_classes_closer_than_two_directions(trained_run: StoredRun) -> None:
    store, run = trained_run
    first, again = (feature_map(store.url, run.id, last(run), 1, "tsne", 307) for _ in range(2))
    np.testing.assert_array_equal(first["places"], again["places"])
    assert first["explained"] is None
    by_pca = feature_map(store.url, run.id, last(run), 1, "pca", 307)
    assert first["agreement"] is not None
    assert by_pca["agreement"] is not None
    assert first["agreement"] > by_pca["agreement"]


def test_agreement_counts_the_nearest_other_place() -> None:
    places = np.array([[0.0, 0], [0, 1], [5, 5], [5, 6.5], [0, -3]])
    assert agreement(places, np.array([2, 2, 7, 7, 5])) == 80.0


def test_a_layer_that_is_not_there_gets_a_sentence(trained_run: StoredRun) -> None:
    store, run = trained_run
    with pytest.raises(StoreError, match="Layer 3 has learnt nothing"):
        feature_map(store.url, run.id, last(run), 3, "pca")
