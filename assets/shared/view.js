// What the views of all pages have in common: one node in the page's element, its theme, and the colours that plots take.

/** @import { Colours, Component, PlotlyLibrary, Theme } from "./scene.js" */

import { el, resolved, themeOf } from "./dom.js"
import { loadPlotly } from "./mounting.js"

const COLOURS = {
  text: "--st-text-color",
  muted: "--lab-muted",
  grid: "--lab-grid",
  band: "--lab-band",
  surface: "--st-background-color",
  ghost: "--labd-ghost",
  accent: "--st-primary-color",
}

/**
 * Its heirs fill `node` when they are made and draw what they are told.
 * @template Data what Python hands them
 */
export class View {
  /**
   * @param {Component<Data>} component
   * @param {string} name of the page
   * @param {Record<string, unknown>} attributes of the node
   */
  constructor(component, name, attributes) {
    this.component = component
    this.data = component.data
    this.node = el("div", attributes)
    this.host = component.parentElement.querySelector(`.lab-${name}-host`) ?? component.parentElement
    this.host.replaceChildren(this.node)
    this.theme = this.node.dataset.theme = themeOf(this.node)
    /** @type {Colours | null} */
    this.known = null
    /** @type {PlotlyLibrary | null} */
    this.plotly = null // until it has come
    this.resized = new ResizeObserver(() => this.onResize())
  }

  /**
   * Streamlit calls this whenever the script or the theme changes: what is on the screen stays, and what differs is drawn.
   * @param {Component<Data>} component
   */
  update(component) {
    this.component = component
    this.data = component.data
    this.theme = this.node.dataset.theme = themeOf(this.node)
    this.known = null
  }

  /**
   * Have plotly.js come, read once `shown` is on the screen.
   * @param {string} address
   * @param {() => void} onArrival
   * @param {() => void} onTrouble
   * @param {Promise<unknown> | null} shown
   */
  bringPlotly(address, onArrival, onTrouble, shown = null) {
    loadPlotly(address, shown).then((library) => {
      this.plotly = library
      onArrival()
    }, onTrouble)
  }

  /** What is watched by `resized` has another size. */
  onResize() {}

  /** As those want them who know no CSS variables. */
  get colours() {
    this.known ??= /** @type {Colours} */ ({
      ...resolved(this.node, COLOURS),
      font: getComputedStyle(this.node).fontFamily,
    })
    return this.known
  }

  close() {
    this.resized.disconnect()
    this.node.remove()
  }
}
