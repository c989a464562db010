"""What people see when something goes wrong."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.errors import plain


def _with_a_lab_error() -> None:
    from dbn_core.errors import StoreError
    from pages.parts.errors import show_error

    assert show_error(StoreError("The store *is* full: free some space."))


def _with_a_defect() -> None:
    from pages.parts.errors import show_error

    assert show_error(ZeroDivisionError("secret detail"))


def test_an_error_of_ours_is_its_own_sentence() -> None:
    page = AppTest.from_function(_with_a_lab_error).run()
    assert not page.exception
    assert page.error[0].value == plain("The store *is* full: free some space.")


def test_a_defect_shows_a_number_that_leads_to_the_log_and_no_detail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "dbn_lab"):
        page = AppTest.from_function(_with_a_defect).run()
    assert not page.exception
    shown = page.error[0].value
    assert "secret" not in shown
    (record,) = [record for record in caplog.records if record.name == "dbn_lab"]
    assert record.exc_info is not None
    assert record.getMessage().split()[1] in shown


def test_text_of_users_loses_every_power_of_markup() -> None:
    text = plain("<b> **x** _y_ `z` [a](b) :red[c] $d$ ~e~ # f\n1. www.example.com :material/home:")
    for sign in "<>*_`[]:$~":
        assert sign not in text.replace("&#", "")
    assert plain("layer 1, 50 % (train)") == "layer 1, 50 % (train)"
