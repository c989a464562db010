"""The Train page, as tests open it."""

from streamlit.testing.v1 import AppTest

from pages.parts.train import setup_form
from tests.pages.opening import SHELL, newest
from tests.waiting import PATIENCE


def opened(**address: str) -> AppTest:
    """With every group of settings unfolded."""
    page = arrived(**address)
    for title in ("name", *setup_form.groups()):
        unfold(page, title)
    return page.run()


def arrived(**address: str) -> AppTest:
    """As it is before it has run."""
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    for key, value in (newest() | address).items():
        page.query_params[key.replace("__", ".")] = value
    return page


def unfold(page: AppTest, title: str, *, open_: bool = True) -> None:
    """Or fold again."""
    page.session_state[f"{setup_form.GROUP} {title}"] = open_
