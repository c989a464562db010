// What the colours and the strokes of a chart's lines mean.

/** @import { Line } from "./chart.js" */
/** @import { Chart as Spec, Series as Metric } from "./messages.js" */
/** @import { ChartScene } from "./scene.js" */

import { el } from "./dom.js"
import { inColour } from "./swatch.js"
import { WORDS } from "./words.js"

export class Legend {
  /** @param {Spec} spec of the chart */
  constructor(spec) {
    this.spec = spec
    this.key = "" // of what it says
    this.node = el("div", { class: "lab-legend", "aria-hidden": "true" })
  }

  /**
   * Whether another legend speaks for this one: it has one line only, or the same.
   * @param {Legend} other
   */
  saysAs(other) {
    const names = (/** @type {Spec} */ spec) => spec.series.map((series) => series.name).join()
    return this.spec.series.length < 2 || names(this.spec) === names(other.spec)
  }

  /**
   * Stages, lines and band.
   * @param {Line[]} drawn
   * @param {ChartScene} scene
   * @param {boolean} isGhostly whether the parent's curves are drawn as well
   */
  draw(drawn, scene, isGhostly) {
    if (!this.isNew(`${keyOf(drawn, scene)} ${isGhostly}`)) return
    const stages = [...new Map(drawn.map((entry) => [entry.stage.key, entry])).values()]
    const layers = stages.map(({ stage, index }) => inColour(scene.layers[index % scene.layers.length], stage.label))
    const parent = isGhostly ? [stroke("solid lab-ghost", WORDS.chart.parent)] : []
    this.node.replaceChildren(...layers, ...this.lines(drawn), ...parent, ...this.band())
  }

  /**
   * Lines and band alone.
   * @param {Line[]} drawn
   * @param {ChartScene} scene
   */
  drawLines(drawn, scene) {
    if (this.isNew(`${keyOf(drawn, scene)} lines`)) this.node.replaceChildren(...this.lines(drawn), ...this.band())
  }

  /** The band alone, where another legend says the rest. */
  drawBand() {
    if (this.isNew("band")) this.node.replaceChildren(...this.band())
  }

  band() {
    const { band } = this.spec
    return band ? [el("span", {}, el("i", { class: "lab-swatch lab-band" }), WORDS.chart.band(...band))] : []
  }

  /** @param {Line[]} drawn */
  lines(drawn) {
    const lines = this.spec.series.filter((series) => drawn.some((entry) => entry.series === series))
    return lines.length > 1 ? lines.map((series) => stroke(dashOf(series, "dots"), series.name)) : []
  }

  /** @param {string} key */
  isNew(key) {
    const isNew = this.key !== key
    this.key = key
    return isNew
  }

  clear() {
    if (this.isNew("")) this.node.replaceChildren()
  }
}

/**
 * @param {Line[]} drawn
 * @param {ChartScene} scene
 */
function keyOf(drawn, scene) {
  return `${scene.theme} ${drawn.map((entry) => `${entry.stage.key} ${entry.series.metric}`)}`
}

/**
 * @param {string} kind
 * @param {string} name
 */
function stroke(kind, name) {
  return el("span", {}, el("i", { class: `lab-${kind}` }), name)
}

/**
 * How a line is drawn; `dots` names what has no line.
 * @param {Metric} series
 * @param {string} dots
 */
export function dashOf(series, dots = "solid") {
  if (series.dots) return dots
  if (series.dotted) return "dot"
  return series.dashed ? "dash" : "solid"
}
