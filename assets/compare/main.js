// Two to six runs over one another: curves with one colour a run, and the filters of each at the same epoch.

/** @import { CompareData, CompareSide } from "../shared/messages.js" */
/** @import { Component, RunsLook } from "../shared/scene.js" */

import { el, say } from "../shared/dom.js"
import { keepView } from "../shared/mounting.js"
import { RunsView } from "../shared/runs_view.js"
import { questionHead } from "../shared/tools.js"
import { Ghost } from "./ghost.js"
import { Overlay } from "./overlay.js"
import { Side } from "./side.js"
import { WORDS } from "./words.js"

const MOST_STEPS = 2000

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<CompareData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new CompareView(first))
}

/** @extends {RunsView<CompareData, Side>} */
class CompareView extends RunsView {
  /** @param {Component<CompareData>} component */
  constructor(component) {
    super(component, "compare", { class: "lab-live labd labc-compare", "data-testid": "lab-compare" })
    /** @type {number | null} */
    this.epoch = null // null: the end of the longest run
    /** @type {Ghost[]} */
    this.ghosts = []
    this.haunted = "" // ids of the ghosts
    this.labelled = ""
    this.legend = el("div", { class: "labc-legend", "data-testid": "labc-legend" })
    this.overlays = this.data.charts.map((spec) => new Overlay(spec, this))
    this.tiles = el("div", { class: "labc-filters" })
    this.range = el("input", {
      type: "range",
      class: "labd-range",
      min: 0,
      max: 1,
      step: "any",
      value: 1,
      "aria-label": WORDS.epoch,
      "data-testid": "labc-range",
    })
    this.range.oninput = () => {
      const value = Number(this.range.value)
      this.epoch = value >= this.reached ? null : value
      this.draw()
    }
    this.where = el("output", { class: "labd-where", "data-testid": "labc-where" })
    this.node.append(
      this.legend,
      el("div", { class: "labc-charts" }, ...this.overlays.map((chart) => chart.node)),
      el(
        "section",
        { class: "lab-panel labc-box" },
        questionHead(this.data.filters),
        el("div", { class: "labd-slider" }, this.range, this.where),
        this.tiles,
      ),
    )
  }

  onTrouble() {
    say(this.where, WORDS.trouble)
  }

  /** @param {Component<CompareData>} component */
  update(component) {
    const ghosts = component.data.ghosts.map((ghost) => ghost.run).join(" ")
    if (ghosts !== this.haunted) this.haunt(ghosts, component.data.ghosts)
    super.update(component)
  }

  change() {
    this.epoch = null
    for (const side of this.sides.splice(0)) side.close()
    this.sides.push(...this.data.sides.map((data) => new Side(data, this)))
    this.tiles.replaceChildren(...this.sides.map((side) => side.tile))
  }

  /**
   * Other earlier runs behind.
   * @param {string} key
   * @param {CompareSide[]} ghosts
   */
  haunt(key, ghosts) {
    this.haunted = key
    for (const ghost of this.ghosts) ghost.close()
    this.ghosts = ghosts.map((data) => new Ghost(data, this))
  }

  keys() {
    const item = (/** @type {string} */ dash, /** @type {string} */ words) =>
      el("span", {}, el("i", { "data-dash": dash }), words)
    const { length } = this.ghosts
    const earlier = length ? [item("earlier", length === 1 ? this.ghosts[0].data.name : WORDS.earlier(length))] : []
    return el(
      "span",
      { class: "labc-keys" },
      item("solid", WORDS.keys.train),
      item("dash", WORDS.keys.heldout),
      item("ghost", WORDS.keys.parent),
      ...earlier,
    )
  }

  get reached() {
    return Math.max(0.01, ...this.sides.map((side) => side.reached))
  }

  /** @param {RunsLook<Side>} drawn */
  show(drawn) {
    const { ghosts, plotly, reached } = this
    const epochs = Math.max(...this.sides.map((side) => side.status?.epochs ?? 0))
    this.slide()
    this.label()
    for (const [at, side] of this.sides.entries()) side.draw(drawn, drawn.layers[at], this.epoch ?? reached)
    const shown = this.overlays.filter((chart) => chart.isMeasured(drawn))
    for (const chart of this.overlays) {
      chart.node.classList.toggle(
        "labc-first",
        chart === shown[0] || (shown.length % 2 === 0 && chart === shown.at(-1)),
      )
      if (plotly) chart.draw({ ...drawn, plotly, ghosts, epochs, reached })
    }
  }

  /** The legend, when other runs stand in it. */
  label() {
    const key = `${this.runs}|${this.haunted}`
    if (key === this.labelled) return
    this.labelled = key
    this.legend.replaceChildren(...this.sides.map((side) => side.entry.node), this.keys())
  }

  slide() {
    const reached = this.reached
    this.range.max = String(reached)
    this.range.step = String(reached / MOST_STEPS)
    this.range.value = String(this.epoch ?? reached)
    const words = this.epoch === null ? WORDS.newest(reached) : WORDS.at(this.epoch)
    say(this.where, words)
    this.range.setAttribute("aria-valuetext", words)
  }

  close() {
    super.close()
    for (const part of [...this.ghosts, ...this.overlays]) part.close()
  }
}
