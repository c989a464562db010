// What the views of several runs share: plotly.js, and a drawing whenever anything changes.

/** @import { Component, RunsData, RunsLook } from "./scene.js" */

import { View } from "./view.js"

/**
 * Its heirs take other runs in `change()` and draw in `show(look)`.
 * @template {RunsData} Data
 * @template {{ close(): void }} Side
 * @extends {View<Data>}
 */
export class RunsView extends View {
  /**
   * @param {Component<Data>} component
   * @param {string} name of the page
   * @param {Record<string, unknown>} attributes of the node
   */
  constructor(component, name, attributes) {
    super(component, name, attributes)
    this.runs = ""
    /** @type {Side[]} */
    this.sides = []
    this.resized.observe(this.host)
    this.bringPlotly(
      this.data.sides[0].addresses.plotly,
      () => this.draw(),
      () => this.onTrouble(),
    )
  }

  /** @param {Component<Data>} component */
  update(component) {
    super.update(component)
    const runs = this.data.sides.map((side) => side.run).join(" ")
    if (runs !== this.runs) {
      this.runs = runs
      this.node.dataset.runs = runs
      this.change()
    }
    this.draw()
  }

  /** Other runs: nothing of the old ones may stay. */
  change() {}

  /** The library does not come. */
  onTrouble() {}

  /** @param {RunsLook<Side>} _look */
  show(_look) {}

  onResize() {
    this.draw()
  }

  draw() {
    if (!this.sides.length) return
    const { theme, colours, sides, runs } = this
    const { layers, stops } = this.data.palette[theme]
    this.show({ theme, colours, layers, stops: stops.signed, sides, key: runs, width: this.node.clientWidth })
  }

  /** @param {string} what */
  changed(what) {
    this.component.setTriggerValue("changed", what)
  }

  close() {
    for (const side of this.sides) side.close()
    super.close()
  }
}
