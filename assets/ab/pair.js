// A metric of both runs: the two curves above, their difference below.

/** @import { AbChart } from "../shared/messages.js" */
/** @import { Difference, Whole } from "../shared/pairs.js" */
/** @import { PlotScene, RunsLook } from "../shared/scene.js" */
/** @import { Side } from "./side.js" */

import { epochRange } from "../shared/axis.js"
import { el, say, show } from "../shared/dom.js"
import { fixed } from "../shared/numbers.js"
import { difference, together } from "../shared/pairs.js"
import { axis, epochAxis, figure, guide, plotArea, purge, react } from "../shared/plotting.js"
import { plainTable } from "../shared/table.js"
import { csvLink, numbersOf, offerCsv, questionHead, tableToggle } from "../shared/tools.js"
import { WORDS as SHARED } from "../shared/words.js"
import { WORDS } from "./words.js"

const MOST_ROWS = 300
const CSV_HEAD = "epoch,layer,a,b,b_minus_a"

/** @typedef {RunsLook<Side> & PlotScene & { reached: number, epochs: number }} PairScene how far both are together */

export class Pair {
  /**
   * @param {AbChart} spec
   * @param {{ draw(): void }} view
   */
  constructor(spec, view) {
    const { question } = spec.help
    this.spec = spec
    this.key = ""
    this.tabled = false
    this.both = plotArea({ class: "labd-both", "data-testid": `labd-both-${spec.key}` })
    this.apart = plotArea({ class: "labd-apart", "data-testid": `labd-apart-${spec.key}` })
    this.numbers = numbersOf(question)
    this.foot = el("p", { class: "labd-foot" })
    const tabler = tableToggle(question, (isTabled) => {
      this.tabled = isTabled
      this.key = ""
      view.draw()
    })
    this.csv = csvLink(SHARED.tools.csvOf(question))
    this.node = el(
      "section",
      { class: "labd-card lab-panel", "data-testid": `labd-card-${spec.key}` },
      questionHead(spec.help, tabler, this.csv),
      el(
        "div",
        { class: "labd-canvas" },
        el("div", { class: "labd-body labd-stack" }, this.both, this.apart),
        this.numbers,
      ),
      this.foot,
    )
  }

  /** @param {PairScene} scene */
  draw(scene) {
    const key = `${scene.key} ${scene.theme} ${scene.width} ${this.tabled} ${scene.sides.map((side) => side.series.revision)} ${scene.epochs}`
    if (key === this.key) return
    this.key = key
    const { factor, metric, optional } = this.spec
    const curves = scene.sides.map((side) => together(side.series, metric, side.data.stages, factor))
    show(this.node, !optional || curves.some((curve) => curve.x.length))
    if (this.node.hidden) return
    const apart = difference(curves[0], curves[1])
    this.drawCurves(scene, curves, apart)
    this.describe(apart)
    show(this.numbers, this.tabled)
    const rows = rowsOf(apart)
    if (this.tabled) this.numbers.replaceChildren(table(this.spec, rows))
    offerCsv(this.csv, [CSV_HEAD, ...rows.map((row) => row.join(","))].join("\n"), `ab-${metric}.csv`)
  }

  /**
   * @param {PairScene} scene
   * @param {Whole[]} curves
   * @param {Difference} apart
   */
  drawCurves(scene, curves, apart) {
    const { spec } = this
    const epochs = { range: epochRange(scene.reached, scene.epochs), nticks: 7 }
    const margin = { l: 58, r: 10, t: 8, b: 4 }
    react(
      scene,
      this.both,
      curves.map((curve, at) => this.trace(curve, scene.layers[at], scene.sides[at].data.label)),
      {
        margin,
        xaxis: epochAxis(scene, { ...epochs, title: "", showticklabels: false }),
        yaxis: axis(scene, {
          title: spec.axis,
          nticks: 5,
          rangemode: spec.from_zero ? "tozero" : "normal",
          ticksuffix: spec.suffix,
          tickformat: "~g",
        }),
      },
      scene.key,
    )
    react(
      scene,
      this.apart,
      [this.trace(apart, scene.colours.text, WORDS.difference, "lines+markers")],
      {
        margin: { ...margin, b: 34 },
        xaxis: epochAxis(scene, epochs),
        yaxis: axis(scene, { title: WORDS.difference, nticks: 4, tickformat: "~g" }),
        shapes: [guide(scene, 0)],
      },
      scene.key,
    )
  }

  /**
   * @param {Whole} curve
   * @param {string} colour
   * @param {string} name
   * @param {string} mode
   */
  trace(curve, colour, name, mode = "lines") {
    return {
      type: "scatter",
      mode,
      x: curve.x,
      y: curve.y,
      name,
      connectgaps: false,
      line: { color: colour, width: mode === "lines" ? 2 : 1.5 },
      marker: { size: 3.5, color: colour },
      hovertemplate: `${name}  <b>%{y:.3~g}</b>${this.spec.suffix}<extra></extra>`,
    }
  }

  /** @param {Difference} apart */
  describe({ x, y, a, b }) {
    const at = x.length - 1
    const words = at < 0 ? WORDS.never : WORDS.last(x[at], figure(a[at]), figure(b[at]), figure(y[at]))
    this.both.setAttribute("aria-label", WORDS.both(this.spec.help.question, words))
    this.apart.setAttribute("aria-label", WORDS.apart(words))
    say(this.foot, words)
  }

  close() {
    purge(this.both, this.apart)
  }
}

/**
 * Rows of the table: every epoch at which both were measured.
 * @param {Difference} apart
 * @returns {(string | number | null)[][]}
 */
function rowsOf(apart) {
  return apart.y.flatMap((value, at) =>
    value === null ? [] : [[apart.x[at], apart.stage[at], apart.a[at], apart.b[at], Number(value.toPrecision(4))]],
  )
}

/**
 * @param {AbChart} spec
 * @param {ReturnType<typeof rowsOf>} rows
 */
function table(spec, rows) {
  const shown = rows.slice(-MOST_ROWS).reverse()
  return plainTable(
    SHARED.chart.tableCaption(spec.help.unit, MOST_ROWS),
    WORDS.columns,
    shown.map(([epoch, ...others]) => [fixed(Number(epoch)), ...others.map(String)]),
  )
}
