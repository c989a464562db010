"""The server of Deep Belief Lab: the Streamlit pages, the routes beside them, and the start of the job cluster.

streamlit run app.py
"""

import asyncio
import gc
import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
import streamlit as st
from starlette.middleware import Middleware

from dbn_core.view.server_address import told_address
from pages.parts.errors import show_error
from web import examples, lab
from web.answers import PROBLEMS
from web.arrivals import Arrivals
from web.guard import Guard, allowed_hosts, allowed_origins
from web.patience import Patience
from web.routes import all_routes
from web.scripts import warm


def warm_up() -> None:
    """Everything that the first page would load."""
    importlib.import_module("pages.parts.controls")
    importlib.import_module("pages.parts.views")
    importlib.import_module("pages.parts.train.setup_form")
    warm()


def address() -> str:
    """Where the lab is, as a sentence. Streamlit's own is switched off, since it asks an outside host."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    path = st.get_option("server.baseUrlPath").strip("/")
    listens_at = st.get_option("server.address") or "0.0.0.0"  # noqa: S104 - as Streamlit does without one
    return told_address(listens_at, st.get_option("server.port"), scheme, f"/{path}" if path else "")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the job cluster beside the server and keep one alive, make the examples, load what every page needs.

    What is loaded by then is never garbage, so collections may skip it: with thirty viewers they would cost seconds.
    """
    stop = threading.Event()
    lab.cluster().start()
    examples.begin()
    threading.Thread(target=lab.cluster().keep, args=(stop,), name="cluster keeper", daemon=True).start()
    await asyncio.to_thread(warm_up)
    click.echo(address())
    gc.collect()
    gc.freeze()
    yield
    stop.set()


app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=all_routes(st.get_option("server.baseUrlPath")),
    middleware=[
        Middleware(
            Guard,
            hosts=allowed_hosts(st.get_option("server.address"), st.get_option("server.allowedHosts")),
            origins=allowed_origins(
                st.get_option("server.corsAllowedOrigins"),
                st.get_option("server.allowedHosts"),
                is_checked=st.get_option("server.enableCORS"),
            ),
        ),
        Middleware(Patience),
        Middleware(Arrivals, notice=lab.cluster().expect_work),
    ],
    exception_handlers=PROBLEMS,
    on_script_error=show_error,
)
