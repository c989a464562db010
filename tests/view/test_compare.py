"""Final figures, differences, a VAE of comparable size, and the claims."""

import math

import pytest

from dbn_core.config import RunConfig
from dbn_core.models import DBN, VAE
from dbn_core.questions.comparison import Bounded
from dbn_core.records import EVALUATION, Checkpoint, MetricPoint, Position, RunStatus
from dbn_core.store import RunStore
from dbn_core.view import claims_cost, compare, compare_claims, compare_hybrid, compare_vae
from dbn_core.view.few_labels import FewLabelsPoint, few_labels_points
from tests.samples import HERE, make_run


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


def test_the_last_of_many_trainings_on_few_labels_is_no_final_figure(store_url: str) -> None:
    info = make_run(RunStore(store_url), "few", RunStatus.DONE).info()
    before = point("heldout_error", 4.0, "finetune", 13)
    within = [point("heldout_error", 23.0, "fewlabels", step) for step in (17, 19)]
    assert compare.figures(info, within)["wrong"] is None
    assert compare.figures(info, [before, *within])["wrong"] == 4.0


def test_only_settings_that_differ_are_listed(store_url: str) -> None:
    store = RunStore(store_url)
    runs = [make_run(store, str(k), settings={"training.k": k}).info() for k in (1, 3)]
    (row,) = compare.differences(runs)
    assert row["key"] == "training.k"
    assert [row[info.id] for info in runs] == ["1", "3"]
    assert compare.differences([runs[0], runs[0]]) == []


def test_settings_of_single_layers_are_told_apart_by_the_layer(store_url: str) -> None:
    store, common = RunStore(store_url), {"layers": [13, 11]}
    own = {"layer_settings.2.training.l1_decay": 0.0005}
    one, other = make_run(store, "one", settings=common).info(), make_run(store, "two", settings=common | own).info()
    for runs in ([one, other], [other, one]):
        (row,) = compare.differences(runs)
        assert row["setting"] == "Layer 2: L1 decay"
        assert (row[one.id], row[other.id]) == ("0", "0.0005")


def test_ghosts_are_the_newest_runs_before_on_the_same_data(store_url: str) -> None:
    store = RunStore(store_url)
    for name in ("old", "older"):
        make_run(store, name)
    make_run(store, "elsewhere", settings={"data.name": "mnist"})
    make_run(store, "waiting", RunStatus.QUEUED)
    chosen = make_run(store, "chosen").info()
    make_run(store, "later")
    earlier = compare.earlier([chosen], store.runs())
    assert [info.name for info in earlier] == ["older", "old"]
    many = [make_run(store, f"run {number}").info() for number in range(9)]
    assert [info.name for info in compare.earlier([many[-1]], store.runs())] == [f"run {7 - at}" for at in range(6)]


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


def test_branches_are_found_by_what_they_train_and_by_their_draw(store_url: str) -> None:
    store = RunStore(store_url)
    parent = make_run(store, "parent")
    assert compare_hybrid.children(store.runs(), parent.id) == {}
    saved = store.claim(parent.id, "a test").save_checkpoint(
        Checkpoint(HERE, b"state", parent.info().config, keep="stage")
    )
    for item in compare_hybrid.CONTENDERS:
        for draw in range(2):
            settings = compare_hybrid.OFF | item.settings(130, 3) | {"labels.draw": draw}
            store.branch(parent, saved, parent.info().config.with_values(settings), f"{item.key} {draw}")
    (labels, row), *others = compare_hybrid.children(store.runs(), parent.id).items()
    assert (labels, others) == (130, [])
    assert {key: {draw: info.name for draw, info in draws.items()} for key, draws in row.items()} == {
        item.key: {draw: f"{item.key} {draw}" for draw in range(2)} for item in compare_hybrid.CONTENDERS
    }
    todo = compare_hybrid.missing(store.runs(), parent.id, 130, 3)
    assert [(item.key, draw) for item, draw in todo] == [("both", 2), ("images", 2), ("frozen", 2)]
    both, images = row["both"], row["images"]
    errors = {both[0].id: 9.0, images[0].id: 11.0, both[1].id: 8.0}  # of a pair only one has come yet
    assert compare_hybrid.paired(row, errors) == ([9.0], [11.0])


def test_what_features_add_is_told_draw_by_draw() -> None:
    # The draws differ by far more than the two nets do, which see the same ones.
    assert compare_hybrid.gain([10.0, 20.0, 30.0], [12.0, 21.0, 33.0]) == "2.00 ± 1.00"
    assert compare_hybrid.gain([3.0], [2.5]) == "−0.50"
    assert compare_hybrid.gain([], []) == "–"


def test_of_a_branch_only_its_own_classifier_is_judged() -> None:
    points = [point("test_error", 5.0, "layer1"), point("heldout_error", 7.0, "hybrid"), point("sparsity", 0.1)]
    assert compare_hybrid.error_of(points[:1]) is None
    assert compare_hybrid.error_of(points) == 7.0
    assert compare_hybrid.error_of([*points, point("test_error", 6.5, "hybrid")]) == 6.5


def test_nothing_is_claimed_that_was_not_measured() -> None:
    assert compare_claims.evidence([point("recon_mse", 0.5)], 10) == {}
    assert compare_claims.hybrids({130: ([], [4.0])}) is None


@pytest.mark.parametrize(
    ("scratch", "verdict"), [((20.0, 21.0), "for"), ((5.0, 6.0), "against"), ((10.0, 11.0), "undecided")]
)
def test_small_sets_are_judged_beyond_the_spread_of_the_seeds(scratch: tuple[float, ...], verdict: str) -> None:
    few = [FewLabelsPoint("global", 100, (10.0, 11.0)), FewLabelsPoint("scratch", 100, scratch)]
    big = [FewLabelsPoint("global", 50_000, (9.0,)), FewLabelsPoint("scratch", 50_000, (1.0,))]
    evidence = compare_claims.small_sets(few + big)
    assert evidence is not None
    assert evidence.verdict == verdict
    assert "50,000" not in evidence.figures


def test_one_seed_decides_nothing() -> None:
    few = [FewLabelsPoint("global", 100, (10.0,)), FewLabelsPoint("scratch", 100, (20.0,))]
    evidence = compare_claims.small_sets(few)
    assert evidence is not None
    assert evidence.verdict == "undecided"
    assert "1 seed" in evidence.what


def test_hybrids_are_judged_beyond_the_spread_of_the_draws() -> None:
    near, far = [17.0, 29.0], [22.0, 34.5]  # of the same draws, which differ more than the nets
    verdicts = [
        evidence.verdict
        for both, alone in ((near, far), (far, near), (near, [24.0, 22.0]), (near[:1], far[:1]))
        if (evidence := compare_claims.hybrids({100: (both, alone), 20_000: ([1.0], [9.0])})) is not None
    ]
    assert verdicts == ["for", "against", "undecided", "undecided"]


def kept(values: dict[str, float], step: int = 7) -> list[MetricPoint]:
    return [point(name, value, EVALUATION, step) for name, value in values.items()]


@pytest.mark.parametrize(("error", "verdict"), [(5.0, "for"), (15.5, "undecided"), (25.0, "against")])
def test_features_are_judged_by_the_top_layer_against_pixels(error: float, verdict: str) -> None:
    errors = {"pixels": 15.0, "layer1": 12.0, "layer2": error}
    probe = {f"probe.{at}.{kind}_error": value for at, value in errors.items() for kind in ("logistic", "knn")}
    evidence = compare_claims.evidence(kept(probe | {"probe.judged": 1000.0, "probe.fitted": 2000.0}), 10)
    assert evidence["disentangled"].verdict == verdict
    assert f"layer 2: logistic {error:.2f} %" in evidence["disentangled"].figures
    assert set(evidence) == {"disentangled"}


def scored(precision: float, **more: float) -> dict[str, float]:
    values = {"real": 0.9, "noise": 0.1, "dreams": precision}
    figures = {f"samples.{key}.{name}": value for key, value in values.items() for name in ("precision", "coverage")}
    return figures | {"samples.count": 53.0, "samples.steps": 7.0} | more


def test_dreams_are_judged_between_noise_and_real_images() -> None:
    evidence = [compare_claims.evidence(kept(scored(value)), 10) for value in (0.8, 0.2)]
    assert [item["generates"].verdict for item in evidence] == ["for", "against"]
    assert set(evidence[0]) == {"generates"}  # no label units
    assert "53 dreams of 7 Gibbs steps" in evidence[0]["generates"].what


@pytest.mark.parametrize(("coverage", "verdict"), [(0.75, "for"), (0.35, "undecided"), (0.15, "against")])
def test_dreams_that_are_all_alike_are_no_generation_however_precise(coverage: float, verdict: str) -> None:
    figures = scored(0.9) | {"samples.dreams.coverage": coverage}
    assert compare_claims.evidence(kept(figures), 10)["generates"].verdict == verdict


def test_copies_are_no_generation() -> None:
    near = {f"samples.dreams.adversarial_{side}": 0.01 for side in ("real", "generated")}
    evidence = compare_claims.evidence(kept(scored(0.9) | near), 10)["generates"]
    assert (evidence.verdict, "copies of training images" in evidence.figures) == ("against", True)


def test_a_held_class_is_judged_between_chance_and_real_images() -> None:
    for accuracy, verdict in ((60.0, "for"), (40.0, "against")):
        values = scored(0.8) | {"samples.real.accuracy": 97.0, "samples.held.accuracy": accuracy}
        assert compare_claims.evidence(kept(values), 10)["explains"].verdict == verdict


def test_figures_of_an_older_evaluation_are_not_mixed_with_newer_ones() -> None:
    old = kept(scored(0.2) | {"samples.held.accuracy": 90.0, "samples.real.accuracy": 97.0, "probe.judged": 5.0}, 7)
    figures = compare_claims.evaluated([*old, *kept(scored(0.8), 11)])
    assert figures["samples.dreams.precision"] == 0.8
    assert "samples.held.accuracy" not in figures
    assert figures["probe.judged"] == 5.0  # another kind of figures


def test_the_names_asked_for_hold_all_that_is_read() -> None:
    config = RunConfig(layers=(5, 3))
    probe = {f"probe.{at}.knn_error": 5.0 for at in ("pixels", "layer1", "layer2")}
    wanted = compare_claims.names_of(config)
    assert wanted is not None
    assert set(scored(0.8) | probe | {"samples.held.accuracy": 1.0, "samples.dreams.adversarial_real": 1.0}) <= set(
        wanted
    )
    assert compare_claims.names_of(config.with_values({"fewlabels.seeds": 2})) is None


def test_epochs_make_about_a_thousand_updates_whatever_the_labels() -> None:
    assert compare_hybrid.epochs_for(2000, 100) == 50
    assert compare_hybrid.epochs_for(37, 100) == 500  # one update an epoch, and no more epochs than that


def test_errors_of_hybrids_that_a_run_keeps_come_back_in_pairs_draw_by_draw() -> None:
    errors = {"both": (7.0, 5.0), "images": (9.0, 6.0, 8.0), "frozen": (4.0,)}
    points = [
        point(f"error/{kind}/100/{draw}", wrong, EVALUATION)
        for kind, wrongs in errors.items()
        for draw, wrong in enumerate(wrongs)
    ]
    assert compare_hybrid.kept(points) == {100: ([7.0, 5.0], [9.0, 6.0])}
    assert compare_hybrid.kept([point("error/both/100/0", 7.0, "fewlabels")]) == {}
    assert [few.method for few in few_labels_points(points)] == ["frozen"]
    said = compare_claims.evidence(points, 10)
    assert set(said) == {"hybrid"}
    assert said["hybrid"].figures.startswith("100 labels: 6.00 ± 1.41 % with features, 7.50 ± 2.12 % without")


def test_the_time_that_claims_take_grows_with_what_there_is_to_compute() -> None:
    small, large = (RunConfig().with_values({"layers": layers, "training.k": 3}) for layers in ([13], [26]))
    one, two = claims_cost.costs(small, 784, 1000, 200), claims_cost.costs(large, 784, 1000, 200)
    assert two.quality == 2 * one.quality
    assert two.few_labels == 2 * one.few_labels == 2 * (3 * 5 * 1000 * small.batch_size * 784 * 13 * 7)
    joint = claims_cost.costs(small.with_values({"labels.joint": True}), 784, 1000, 200)
    assert joint.quality == 2 * one.quality, "with the label free, and with it held"
    # Nine products of weights and states for each image of CD-3.
    assert claims_cost.pace(small, 784, 100.0) == 100 * 784 * 13 * 9
    slow, fast = (claims_cost.seconds(small, 784, speed, 1000, 200) for speed in (10.0, 1e6))
    assert slow.few_labels == pytest.approx(1e5 * fast.few_labels)
    assert fast.hybrids < slow.hybrids < slow.few_labels, "convolutions do not wait for a network of few units"
    said = [claims_cost.about(seconds) for seconds in (3, 61, 130, 3600 * 3)]
    assert said == ["less than a minute", "about 1 minute", "about 2 minutes", "about 3 hours"]


@pytest.mark.parametrize(
    ("reverse", "words", "interval"),
    [
        ((-110.34, -113.91, -109.66), "both ways agree, as far as the error is known", "(-113.91 to -109.66)"),
        ((-117.0, -118.0, -116.0), "pessimistic", "(-118.00 to -116.00)"),
    ],
)
def test_estimates_that_agree_are_not_called_optimistic_and_pessimistic(
    reverse: tuple[float, float, float], words: str, interval: str
) -> None:
    bounded: Bounded = {
        "bounds": (
            [
                ("log_likelihood_ais", "variational lower bound", -110.16, -110.92, math.inf),
                ("log_likelihood_rais", "variational lower bound", *reverse),
            ],
            [("elbo", "ELBO", -119.26, None, None)],
        ),
        "chains": 100,
        "temperatures": 1000,
        "warning": "",
    }
    rows = {row["measure"]: row for row in compare_vae.bounds_table(bounded)}
    forward, back, elbo = rows
    assert ("optimistic" in forward) is ("pessimistic" in back) is (words == "pessimistic")
    assert words in back
    assert plainly(rows[forward]["dbn"]) == "-110.16 (from -110.92 up)"
    assert plainly(rows[back]["dbn"]) == f"{reverse[0]:.2f} {interval}"
    assert (plainly(rows[elbo]["vae"]), rows[elbo]["dbn"]) == ("-119.26", "–")


def plainly(text: str) -> str:
    return text.replace("−", "-")
