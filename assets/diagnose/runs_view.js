// What the views of several runs share: one node in its host, plotly.js, and a drawing whenever anything changes.

import { resolved, themeOf } from "./dom.js"
import { loadPlotly } from "./mounting.js"

const COLOURS = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", band: "--lab-band", surface: "--st-background-color" }

/** Its heirs make `node` in `build()`, take other runs in `change()`, and draw a `scene` in `show(scene)`. */
export class RunsView {
  constructor(parent) {
    this.parent = parent
    this.node = null
    this.runs = ""
    this.sides = []
    this.resized = new ResizeObserver(() => this.draw())
  }

  update(component) {
    this.component = component
    this.data = component.data
    if (!this.node) this.build()
    const runs = this.data.sides.map((side) => side.run).join(" ")
    if (runs !== this.runs) {
      this.runs = runs
      this.node.dataset.runs = runs
      this.change()
    }
    this.draw()
  }

  /** Put `node` into its host; `onTrouble` when the library does not come. */
  settle(hostName, onTrouble) {
    const host = this.parent.querySelector(hostName) ?? this.parent
    host.replaceChildren(this.node)
    this.resized.observe(host)
    loadPlotly(this.data.sides[0].addresses.plotly).then((library) => {
      this.plotly = library
      this.draw()
    }, onTrouble)
  }

  draw() {
    if (!this.node || !this.sides.length) return
    const theme = themeOf(this.node)
    if (this.coloured?.key !== theme) {
      this.coloured = { key: theme, ...resolved(this.node, COLOURS), font: getComputedStyle(this.node).fontFamily }
    }
    const { plotly, coloured: colours, sides, runs } = this
    const { stops, ...more } = this.data.palette[theme]
    this.show({ plotly, theme, colours, stops, ...more, sides, key: runs, width: this.node.clientWidth })
  }

  changed(what) {
    this.component.setTriggerValue("changed", what)
  }

  close() {
    this.resized.disconnect()
    for (const side of this.sides) side.close()
    this.node?.remove()
  }
}
