"""A page of the lab as a person opens it, without a browser, and the words on it."""

from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from tests.waiting import PATIENCE
from web import lab

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def newest() -> dict[str, str]:
    """The part of an address that names the newest run of the lab; none in an empty one."""
    runs = lab.store().runs()
    return {"run": runs[0].id} if runs else {}


def open_page(name: str, **query: str) -> AppTest:
    """The page of this file, at an address of this query, with the newest run where it names none."""
    return arrive(name, **(newest() | query))


def arrive(name: str, **query: str) -> AppTest:
    """The page of this file, at an address of exactly this query."""
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE).run().switch_page(name)
    page.query_params.clear()
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def picker(page: AppTest) -> Selectbox[str]:
    """The one that says which run the page is about."""
    (found,) = [box for box in page.selectbox if box.label == "Run"]
    return found


def words(page: AppTest) -> str:
    """What stands on it as text, notices and errors included."""
    return "\n".join(element.value for element in (*page.markdown, *page.caption, *page.info, *page.error))
