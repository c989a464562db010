// The live curves, one plot a chart, one x axis for all: epochs of the whole run. Plots are updated in place
// (`Plotly.react` with a constant `uirevision`), so that zoom and hover survive every update.

/** @import { Chart as Spec } from "./messages.js" */
/** @import { ChartScene } from "./scene.js" */

import { epochRange } from "./axis.js"
import { Chart } from "./chart.js"
import { el, show } from "./dom.js"

export class Charts {
  /**
   * @param {Spec[]} specs
   * @param {string} csv
   */
  constructor(specs, csv) {
    /** @type {[number, number] | null} */
    this.zoom = null // [from, to] in epochs, shared by all charts; null shows the whole run
    /** @type {ChartScene | null} */
    this.scene = null // as it was drawn last
    this.charts = specs.map((spec) => new Chart(spec, csv, this))
    this.node = el("div", { class: "lab-charts lab-panel" }, ...this.charts.map((chart) => chart.node))
    this.shown = this.charts
    this.select(this.charts)
  }

  /**
   * Only these charts; the first has the legend, the last the labels of the epochs.
   * @param {Chart[]} charts
   */
  select(charts) {
    this.shown = this.charts.filter((chart) => charts.includes(chart))
    for (const chart of this.charts) {
      show(chart.node, this.shown.includes(chart))
      chart.isFirst = chart === this.shown[0]
      chart.isLast = chart === this.shown.at(-1)
    }
  }

  redraw() {
    if (this.scene) this.draw(this.scene)
  }

  /** @param {ChartScene} scene */
  draw(scene) {
    this.scene = scene
    // What is said first: the height of the plots depends on it.
    const lines = this.shown.map((chart) => chart.say(scene))
    const range = this.range(scene)
    for (const [at, chart] of this.shown.entries()) chart.draw(scene, range, lines[at])
  }

  /**
   * @param {ChartScene} scene
   * @returns {[number, number]}
   */
  range(scene) {
    return this.zoom ?? epochRange(scene.epoch, scene.epochs, this.start(scene))
  }

  /**
   * The epoch at which the curves on the screen begin: a classifier's do where pretraining ends.
   * @param {Pick<ChartScene, "series" | "stages">} scene
   */
  start({ series, stages }) {
    const metrics = this.shown.flatMap((chart) => chart.spec.series.map(({ metric }) => metric))
    const curves = metrics.flatMap((metric) => [
      ...series.of(metric, stages),
      ...series.of(metric, stages, series.ghosts),
    ])
    return curves.length ? Math.floor(Math.min(...curves.map(({ curve }) => curve.x[0]))) : 0
  }

  /** @param {[number, number] | null} range */
  setZoom(range) {
    this.zoom = range
    this.redraw()
  }

  clear() {
    this.zoom = null
    for (const chart of this.charts) chart.clear()
  }

  close() {
    for (const chart of this.charts) chart.close()
  }
}
