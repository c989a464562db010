"""The server of Deep Belief Lab: the Streamlit pages, the routes beside them, and the start of the job cluster.

streamlit run app.py
"""

import asyncio
import gc
import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from pages.parts import lab
from pages.parts.classify_routes import classify_routes
from pages.parts.compare_routes import compare_routes
from pages.parts.diagnose_routes import diagnose_routes
from pages.parts.errors import show_error
from pages.parts.feature_routes import feature_routes
from pages.parts.generate_routes import generate_routes
from pages.parts.guard import Guard, allowed_hosts
from pages.parts.microscope_routes import microscope_routes
from pages.parts.routes import PROBLEMS, routes, warm
from pages.parts.take_away import take_away_routes


def warm_up() -> None:
    """Everything that the first page would load."""
    importlib.import_module("pages.parts.controls")
    importlib.import_module("pages.parts.live")
    importlib.import_module("pages.parts.setup_form")
    warm()


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the job cluster beside the server and keep one alive, and load what every page needs.

    What is loaded by then is never garbage, so collections may skip it: with thirty viewers they would cost seconds.
    """
    stop = threading.Event()
    lab.cluster().start()
    threading.Thread(target=lab.cluster().keep, args=(stop,), name="cluster keeper", daemon=True).start()
    await asyncio.to_thread(warm_up)
    gc.collect()
    gc.freeze()
    yield
    stop.set()


app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=[
        *routes(st.get_option("server.baseUrlPath")),
        *feature_routes(st.get_option("server.baseUrlPath")),
        *diagnose_routes(st.get_option("server.baseUrlPath")),
        *compare_routes(st.get_option("server.baseUrlPath")),
        *classify_routes(st.get_option("server.baseUrlPath")),
        *generate_routes(st.get_option("server.baseUrlPath")),
        *microscope_routes(st.get_option("server.baseUrlPath")),
        *take_away_routes(st.get_option("server.baseUrlPath")),
    ],
    middleware=[
        Middleware(Guard, hosts=allowed_hosts(st.get_option("server.address"), st.get_option("server.allowedHosts")))
    ],
    exception_handlers=PROBLEMS,
    on_script_error=show_error,
)
