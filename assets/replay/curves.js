// The charts above one another: they have their epochs in common, and dragging on one scrubs.

/** @import { Palette, ReplayData } from "../shared/messages.js" */
/** @import { Place } from "./app.js" */
/** @import { Range } from "./axes.js" */
/** @import { Measurements } from "./measurements.js" */

import { el } from "../shared/dom.js"
import { Chart } from "./chart.js"
import { OtherChart } from "./other_chart.js"
import { WORDS } from "./words.js"

export class Curves {
  /**
   * @param {ReplayData} data
   * @param {Measurements} measurements
   * @param {Palette} colours
   * @param {(epoch: number) => void} goToEpoch
   */
  constructor(data, measurements, colours, goToEpoch) {
    this.measurements = measurements
    this.colours = colours
    this.goToEpoch = goToEpoch
    /** @type {Place | null} */
    this.place = null // where the scrubber stands
    const epochs = [...measurements.rows, ...data.moments].map(({ epoch }) => epoch)
    /** @type {Range} */
    this.epochs = [
      epochs.reduce((least, epoch) => Math.min(least, epoch), 0),
      epochs.reduce((most, epoch) => Math.max(most, epoch), 0.01),
    ]
    const drawn = new Set(data.charts.flatMap((chart) => chart.series.map((series) => series.metric)))
    const others = measurements.columns.filter((name) => !drawn.has(name))
    this.charts = data.charts.map((spec) => new Chart(this, spec, data))
    if (others.length) this.charts.push(new OtherChart(this, others, data))
    this.charts[this.charts.length - 1].isLast = true
    this.node = el("section", { class: "panel", "aria-label": WORDS.curves }, ...this.charts.map((chart) => chart.node))
    new ResizeObserver(() => this.draw()).observe(this.node)
  }

  draw() {
    for (const chart of this.charts) chart.draw()
    this.move(this.place)
  }

  /** @param {Place | null} place */
  move(place) {
    this.place = place
    for (const chart of this.charts) chart.move(place)
  }

  /** @param {Palette} colours */
  setColours(colours) {
    this.colours = colours
    this.draw()
  }
}
