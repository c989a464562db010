"""One run on one page."""

import re

from streamlit.testing.v1 import AppTest

from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, RunStatus
from dbn_core.store import RunStore
from dbn_core.view import report
from tests.pages.opening import open_page
from tests.samples import make_run


def opened(**query: str) -> AppTest:
    return open_page("report.py", **query)


def test_an_empty_lab_leads_to_the_train_page(store: RunStore) -> None:
    app = opened()
    assert not app.exception
    assert "Nothing has been trained yet" in app.info[0].value


def test_figures_come_with_unit_split_and_estimator_and_settings_with_their_defaults(store: RunStore) -> None:
    run = make_run(store, "old", RunStatus.DONE, "Not evaluated: samples.")
    app = opened(run=run.id)
    assert not app.exception
    assert app.title[0].value == "old"
    report = "".join(element.proto.body for element in app.get("html"))
    row = "<td>up to 1,000 held-out images</td><td>mean-field</td>"
    assert f'<td class="number">0.0145</td><td>squared error per pixel</td>{row}' in re.sub(
        ' data-name="[^"]*"', "", report
    )
    assert '<td data-name="measured on">up to 1,000 held-out images</td>' in report, (
        "what is said where columns have no room"
    )
    assert "<h2>How was it set up?</h2>" in report
    assert "/lab/runs/" in report, "filters and reconstructions by their addresses"
    assert "Not evaluated" in "\n".join(element.value for element in app.markdown)


def test_the_last_number_of_each_stage_counts_and_unknown_names_are_left_out() -> None:
    def point(name: str, value: float, stage: str) -> MetricPoint:
        return MetricPoint(name, value, Position(7, 1.0, stage))

    rows = report.end_figures(
        [
            point("recon_mse", 0.5, "layer1"),
            point("recon_mse", 0.25, "layer1"),
            point("momentum", 0.9, "layer1"),
            point("constant_units", 3.0, "layer1"),
            point("class_purity", 0.7125, "layer1"),
            point("test_error_fine_tuned", 5.15, "evaluation"),
            point("samples.dreams.coverage", 0.386, "evaluation"),
            point("log_likelihood_ais", -108.6, "evaluation"),
        ],
        RunConfig().with_values({"layers": [7, 5]}),
    )
    assert [(row["stage"], row["value"]) for row in rows] == [
        ("layer 1", "0.250"),
        ("layer 1", "3"),
        ("layer 1", "71.2"),
        ("evaluation", "5.15"),
        ("evaluation", "0.386"),
        ("evaluation", "−108.6"),
    ]
    assert rows[-1]["figure"] == "Log-likelihood, variational lower bound"
