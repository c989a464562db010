"""What the lab's browser components have in common: how one is declared, and what each is told of a run."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v2 as components

from dbn_core.config import RunConfig
from dbn_core.view.stages import recorded_stages

ASSETS = Path(__file__).parents[2] / "assets"
LIVE_STYLES = ASSETS / "live" / "live.css"
LOADER = """
const needed = %s // by the module: asked for together with it, not one after the other
let isAsked = false

export default async function (component) {
  const address = new URL(component.data.addresses?.module ?? component.data.module, document.baseURI)
  for (const name of isAsked ? [] : needed) {
    const link = document.createElement("link")
    document.head.append(Object.assign(link, { rel: "modulepreload", href: new URL(name, address).href }))
  }
  isAsked = true
  const module = await import(address.href)
  return module.mount(component)
}
"""


def declare(name: str, host: str, styles: Sequence[Path], needed: Sequence[str]) -> Any:
    """A component that loads the module its data names (`addresses.module` or `module`) and mounts it.

    needed: names of the scripts that this module imports (`Scripts.needed_by`).
    """
    css = "\n".join(path.read_text("utf-8") for path in styles)
    html, js = f'\n<div class="{host}"></div>\n', LOADER % json.dumps(needed)
    return components.component(name, html=html, css=css, js=js, isolate_styles=False)


def stages(config: RunConfig) -> list[dict[str, Any]]:
    """The stages of a run as its numbers and the scripts name them, each with the charts that it has lines in."""
    return [asdict(stage) for stage in recorded_stages(config)]


def base() -> str:
    """The server's path prefix, "" or "/lab-of-mine"."""
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""
