// Two runs side by side: what each is doing, its filters, and for a few metrics both curves with their difference.

/** @import { PairData } from "../shared/messages.js" */
/** @import { Component, RunsLook } from "../shared/scene.js" */

import { el } from "../shared/dom.js"
import { keepView } from "../shared/mounting.js"
import { RunsView } from "../shared/runs_view.js"
import { Pair } from "./pair.js"
import { Side } from "./side.js"

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<PairData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new PairView(first))
}

/** @extends {RunsView<PairData, Side>} */
class PairView extends RunsView {
  /** @param {Component<PairData>} component */
  constructor(component) {
    super(component, "ab", { class: "lab-live labd labd-ab", "data-testid": "lab-ab" })
    this.sides = this.data.sides.map((data, at) => new Side(data, at, this))
    this.pairs = this.data.charts.map((spec) => new Pair(spec, this))
    this.node.append(el("div", { class: "labd-grid" }, ...[...this.sides, ...this.pairs].map((part) => part.node)))
  }

  change() {
    for (const [at, side] of this.sides.entries()) side.change(this.data.sides[at])
    for (const pair of this.pairs) pair.key = ""
  }

  onTrouble() {
    this.sides[0].status.setTrouble("offline")
  }

  /** @param {RunsLook<Side>} look */
  show(look) {
    for (const side of this.sides) side.draw(look)
    const { plotly } = this
    if (!plotly) return
    const reached = Math.max(...this.sides.map((side) => side.reached))
    const epochs = Math.max(...this.sides.map((side) => side.latest?.status.epochs ?? 0))
    for (const pair of this.pairs) pair.draw({ ...look, plotly, reached, epochs })
  }

  close() {
    super.close()
    for (const pair of this.pairs) pair.close()
  }
}
