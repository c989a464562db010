"""Final figures, differences, a VAE of comparable size, and the claims."""

import pytest

from dbn_core.config import RunConfig
from dbn_core.models import DBN, VAE
from dbn_core.records import MetricPoint, Position, RunStatus
from dbn_core.store import RunStore
from dbn_core.view import compare, compare_claims, compare_hybrid, compare_vae
from dbn_core.view.few_labels import FewLabelsPoint
from tests.pages.samples import make_run


def point(name: str, value: float, stage: str = "layer1", step: int = 7) -> MetricPoint:
    return MetricPoint(name, value, Position(step, 1.0, stage))


def test_figures_are_the_newest_and_the_estimator_is_named(store_url: str) -> None:
    info = make_run(RunStore(store_url), "a run", RunStatus.DONE).info()
    points = [
        point("recon_mse", 0.5),
        point("recon_mse", 0.25, "layer2", 11),
        point("log_likelihood_ais", -97.5, "layer2", 11),
        point("test_error", 4.5, "finetune", 13),
        point("heldout_error", 4.0, "finetune", 13),
    ]
    row = compare.figures(info, points)
    assert (row["train"], row["stage"]) == (0.25, "layer 2")
    assert (row["likelihood"], row["estimator"]) == (-97.5, "AIS")
    assert row["wrong"] == 4.5  # of all held-out images rather than of the first ones
    assert row["heldout"] is None
    assert set(row) == set(compare.COLUMNS)


def test_only_settings_that_differ_are_listed(store_url: str) -> None:
    store = RunStore(store_url)
    runs = [make_run(store, str(k), settings={"training.k": k}).info() for k in (1, 3)]
    (row,) = compare.differences(runs)
    assert row["key"] == "training.k"
    assert [row[info.id] for info in runs] == ["1", "3"]
    assert compare.differences([runs[0], runs[0]]) == []


@pytest.mark.parametrize("labels", [0, 7])
def test_numbers_of_parameters_are_those_of_the_models(labels: int) -> None:
    dbn, vae = DBN([23, 13, 11], n_labels=labels), VAE(23, 17, 5)
    counted = sum(part.numel() for rbm in dbn.layers for part in (rbm.W, rbm.v_bias, rbm.h_bias))
    assert compare_vae.dbn_parameters(23, (13, 11), labels) == counted
    assert compare_vae.vae_parameters(23, 17, 5) == sum(part.numel() for part in vae.parameters())


def test_a_matching_vae_has_about_as_many_parameters_and_epochs_on_the_same_images() -> None:
    config = RunConfig.preset("deep-stack")
    vae = compare_vae.matching(config, 784)
    own = compare_vae.vae_parameters(784, vae.vae.hidden, vae.vae.latent)
    assert own == pytest.approx(compare_vae.dbn_parameters(784, config.layers), rel=0.002)
    assert vae.stages == {"vae": 30}
    assert compare_vae.same_images(config, vae)


def test_branches_are_found_by_what_they_train(store_url: str) -> None:
    info = make_run(RunStore(store_url), "parent").info()
    for item in compare_hybrid.CONTENDERS:
        config = info.config.with_values(compare_hybrid.OFF | item.settings(130, 3))
        assert compare_hybrid.labels_of(config) == (item.key, 130)
    assert compare_hybrid.labels_of(info.config) is None
    assert compare_hybrid.children([info], info.id) == {}


def test_nothing_is_claimed_that_was_not_measured() -> None:
    rows = compare_claims.claims("a run", [], None, None)
    assert {row["verdict"] for row in rows} == {"not measured"}
    assert {row["figures"] for row in rows} == {"–"}


@pytest.mark.parametrize(
    ("scratch", "verdict"), [((20.0, 21.0), "for"), ((5.0, 6.0), "against"), ((10.0, 11.0), "undecided")]
)
def test_small_sets_are_judged_beyond_the_spread_of_the_seeds(scratch: tuple[float, ...], verdict: str) -> None:
    few = [FewLabelsPoint("global", 100, (10.0, 11.0)), FewLabelsPoint("scratch", 100, scratch)]
    big = [FewLabelsPoint("global", 50_000, (9.0,)), FewLabelsPoint("scratch", 50_000, (1.0,))]
    row = compare_claims.claims("a run", few + big, None, None)[0]
    assert row["verdict"] == verdict
    assert "50,000" not in row["figures"]


def test_features_are_judged_by_the_top_layer_against_pixels() -> None:
    def probe(error: float) -> dict[str, object]:
        rows = [("pixels", 15.0), ("layer 1", 12.0), ("layer 2", error)]
        return {
            "rows": [{"features": name, "logistic_error": value, "knn_error": value} for name, value in rows],
            "judged": 1000,
            "fitted": 2000,
        }

    verdicts = [compare_claims.claims("a run", [], probe(error), None)[1]["verdict"] for error in (5.0, 15.5, 25.0)]
    assert verdicts == ["for", "undecided", "against"]


def test_dreams_are_judged_between_noise_and_real_images() -> None:
    def rows(precision: float) -> dict[str, object]:
        values = {"real": 0.9, "noise": 0.1, "dreams": precision}
        measured = [
            {"key": key, "measures": {"precision": value, "coverage": value, "accuracy": None}}
            for key, value in values.items()
        ]
        return {"rows": measured, "count": 53, "steps": 7, "classes": 10}

    found = [compare_claims.claims("a run", [], None, rows(value))[2]["verdict"] for value in (0.8, 0.2)]
    assert found == ["for", "against"]
    assert compare_claims.claims("a run", [], None, rows(0.8))[3]["verdict"] == "not measured"  # no label units


def test_epochs_make_about_a_thousand_updates_whatever_the_labels() -> None:
    assert compare_hybrid.epochs_for(2000, 100) == 50
    assert compare_hybrid.epochs_for(37, 100) == 500  # one update an epoch, and no more epochs than that
