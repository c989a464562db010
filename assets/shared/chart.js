// One plot of the live curves: its tools, its zoom, its numbers as a table.

/** @import { Charts } from "./charts.js" */
/** @import { Chart as Spec, Series as Metric } from "./messages.js" */
/** @import { ChartScene, Settings } from "./scene.js" */
/** @import { Entry } from "./series.js" */

import { chartLayout, ghostTrace, lineTrace } from "./chart_traces.js"
import { choice, el, show } from "./dom.js"
import { Legend } from "./legend.js"
import { rounded } from "./numbers.js"
import { CONFIG, plotArea, react } from "./plotting.js"
import { table } from "./table.js"
import { csvLink, numbersOf, questionHead, tableToggle } from "./tools.js"
import { WORDS } from "./words.js"

/** @typedef {{ drawn: Line[], ghosts: Line[] }} Drawn the lines of a run, and those of its parents */
/** @typedef {Entry & { series: Metric }} Line one line of a chart */

const { chart: words } = WORDS

export class Chart {
  /**
   * @param {Spec} spec
   * @param {string} csv
   * @param {Charts} all
   */
  constructor(spec, csv, all) {
    const { question } = spec.help
    this.spec = spec
    this.isFirst = false
    this.isLast = false
    this.all = all
    this.log = false
    this.tabled = false
    /** @type {[number, number] | null} */
    this.yzoom = null
    this.plot = plotArea({ class: "lab-plot", "data-testid": `lab-chart-${spec.key}` })
    this.legend = new Legend(spec)
    this.reset = el(
      "button",
      { type: "button", class: "lab-tool lab-reset", hidden: true, onclick: () => this.unzoom() },
      words.wholeRun,
    )
    this.names = spec.series.map((series) => series.metric).join(",")
    this.csv = csvLink(WORDS.tools.csvOf(question))
    this.setCsv(csv)
    this.numbers = numbersOf(question)
    this.canvas = el("div", { class: "lab-canvas" }, this.plot, this.numbers)
    this.node = el(
      "section",
      {
        class: "lab-chart",
        style: `flex-grow: ${spec.weight * 100}; flex-shrink: 1; flex-basis: ${spec.weight * 130}px`,
      },
      questionHead(spec.help, this.reset, ...this.scales(), this.tabler(), this.csv),
      this.legend.node,
      this.canvas,
    )
    /** @type {((change: Settings) => void) | null} */
    this.watch = null
  }

  scales() {
    if (!this.spec.can_be_log) return []
    return [choice(words.scale, words.scales, "linear", (scale) => this.setLog(scale === "log"))]
  }

  tabler() {
    return tableToggle(this.spec.help.question, (isTabled) => {
      this.tabled = isTabled
      this.all.redraw()
    })
  }

  /** @param {string} address */
  setCsv(address) {
    this.csv.href = `${address}?names=${this.names}`
  }

  /** @param {boolean} log */
  setLog(log) {
    this.log = log
    this.yzoom = null
    this.all.redraw()
  }

  unzoom() {
    this.yzoom = null
    this.all.setZoom(null)
  }

  /**
   * Legend, numbers and what the plot is called: all that the height of the plots depends on.
   * @param {ChartScene} scene
   * @returns {Drawn} what is to be drawn then
   */
  say(scene) {
    const { series } = scene
    const drawn = this.lines(scene, series.curves)
    const ghosts = this.lines(scene, series.ghosts)
    show(this.numbers, this.tabled)
    show(this.reset, Boolean(this.all.zoom || this.yzoom))
    this.plot.setAttribute("aria-label", this.description(drawn))
    this.drawLegend(drawn, scene, ghosts.length > 0)
    if (this.tabled) this.numbers.replaceChildren(table(this.spec, drawn))
    return { drawn, ghosts }
  }

  /**
   * @param {ChartScene} scene
   * @param {[number, number]} range
   * @param {Drawn} lines
   */
  draw(scene, range, { drawn, ghosts }) {
    if (!this.plot.clientWidth || !this.plot.clientHeight) return
    const traces = [
      ...ghosts.map((line) => ghostTrace(line, scene)),
      ...drawn.map((line) => lineTrace(line, this.spec, scene)),
    ]
    const layout = chartLayout(this, [...ghosts, ...drawn], scene, range)
    react(scene, this.plot, traces, layout, scene.run, { ...CONFIG, doubleClick: false })
    this.listen()
  }

  /**
   * @param {ChartScene} scene
   * @param {ChartScene["series"]["curves"]} curves
   * @returns {Line[]}
   */
  lines({ series: numbers, stages }, curves) {
    return this.spec.series.flatMap((series) =>
      numbers.of(series.metric, stages, curves).map((entry) => ({ ...entry, series })),
    )
  }

  /** Zooming one chart in x zooms all; double click shows the whole run again. */
  listen() {
    if (this.watch) return
    this.watch = (change) => {
      const { "xaxis.range[0]": left, "xaxis.range[1]": right, "yaxis.range[0]": low, "yaxis.range[1]": high } = change
      if (left === undefined && low === undefined) return
      if (low !== undefined) this.yzoom = [low, high]
      if (left === undefined) this.all.redraw()
      else this.all.setZoom([left, right])
    }
    this.plot.on?.("plotly_relayout", this.watch)
    this.plot.on?.("plotly_doubleclick", () => this.unzoom())
  }

  /**
   * Above the plot, where no curve is. The first chart names the stages and, for all whose lines mean the same, the lines.
   * @param {Line[]} drawn
   * @param {ChartScene} scene
   * @param {boolean} isGhostly
   */
  drawLegend(drawn, scene, isGhostly) {
    const [first] = this.all.shown
    if (this.tabled) this.legend.clear()
    else if (this.isFirst) this.legend.draw(drawn, scene, isGhostly)
    else if (first !== this && !this.legend.saysAs(first.legend)) this.legend.drawLines(drawn, scene)
    else this.legend.drawBand()
  }

  /** @param {Line[]} drawn */
  description(drawn) {
    const last = drawn.map(({ stage, curve, series }) => {
      const value = curve.y.at(-1) ?? null
      const number = value === null ? WORDS.noNumber : `${rounded(value * series.factor)}${this.spec.suffix}`
      return words.last(words.line(stage.label, series.name), number, curve.x.at(-1) ?? Number.NaN)
    })
    return words.description(this.spec.help.question, this.spec.help.unit, last)
  }

  clear() {
    this.yzoom = null
    this.legend.clear()
    this.numbers.replaceChildren()
  }

  close() {
    if (this.watch) this.all.scene?.plotly.purge(this.plot)
    this.watch = null
  }
}
