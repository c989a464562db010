// One chart with the curves of all runs. A layer's end breaks a line; what was inherited from a parent is thin.

/** @import { Chart, Series } from "../shared/messages.js" */
/** @import { Whole } from "../shared/pairs.js" */
/** @import { PlotScene, RunsLook } from "../shared/scene.js" */
/** @import { Ghost } from "./ghost.js" */
/** @import { Side } from "./side.js" */

import { epochRange } from "../shared/axis.js"
import { el, say, show } from "../shared/dom.js"
import { together } from "../shared/pairs.js"
import { axis, epochAxis, plotArea, purge, react } from "../shared/plotting.js"
import { csvLink, offerCsv, questionHead, toggle } from "../shared/tools.js"
import { WORDS as SHARED } from "../shared/words.js"
import { ends } from "./ends.js"
import { WORDS } from "./words.js"

/** @typedef {{ side: Side, series: Series, colour: string, curve: Whole }} OneLine of a run */

/** @typedef {RunsLook<Side> & PlotScene & { ghosts: Ghost[], epochs: number, reached: number }} OverlayScene */

const { chart: words } = WORDS

const SIGNS = new Map([
  ["<", "‹"],
  [">", "›"],
  ["%", "％"],
  ["{", "("],
  ["}", ")"],
])
const READ_BY_PLOTLY = /[<>%{}]/g
const CSV_HEAD = "run,series,stage,epoch,value"
const FORMULA = /^[=+\-@\t\r]/ // how a cell begins that a spreadsheet would compute

export class Overlay {
  /**
   * @param {Chart} spec
   * @param {{ draw(): void }} view
   */
  constructor(spec, view) {
    this.spec = spec
    this.key = ""
    this.log = false
    this.plot = plotArea({ class: "labc-plot", "data-testid": `labc-plot-${spec.key}` })
    this.foot = el("p", { class: "labd-foot" })
    const logger = toggle(words.log, words.logOf(spec.help.question), (isPressed) => {
      this.log = isPressed
      view.draw()
    })
    logger.hidden = !spec.can_be_log
    this.csv = csvLink(SHARED.tools.csvOf(spec.help.question))
    this.node = el(
      "section",
      { class: "lab-panel labd-card", "data-testid": `labc-chart-${spec.key}`, hidden: true },
      questionHead(spec.help, logger, this.csv),
      this.plot,
      this.foot,
    )
  }

  /** @param {Pick<RunsLook<Side>, "sides">} look */
  isMeasured(look) {
    return look.sides.some((side) =>
      this.spec.series.some(({ metric }) => side.series.of(metric, side.data.stages).length),
    )
  }

  /** @param {OverlayScene} scene */
  draw(scene) {
    const key = `${scene.key} ${scene.theme} ${scene.width} ${this.log} ${scene.sides.map((side) => side.series.revision)} ${scene.ghosts.map((ghost) => `${ghost.data.run}${ghost.series.revision}`)} ${scene.epochs} ${this.node.className}`
    if (key === this.key) return
    this.key = key
    const lines = scene.sides.flatMap((side, at) =>
      this.spec.series.map((series) => ({
        side,
        series,
        colour: scene.layers[at],
        curve: together(side.series, series.metric, side.data.stages, series.factor),
      })),
    )
    show(this.node, this.isMeasured(scene))
    if (this.node.hidden) return
    const drawn = lines.filter((line) => line.curve.x.length)
    const traces = [
      ...this.earlier(scene),
      ...scene.sides.flatMap((side, at) => this.ghosts(side, scene.layers[at])),
      ...drawn.map((line) => this.trace(line)),
    ]
    react(
      scene,
      this.plot,
      traces,
      {
        margin: { l: 62, r: 12, t: 8, b: 36 },
        xaxis: epochAxis(scene, { range: epochRange(scene.reached, scene.epochs), nticks: 8 }),
        yaxis: axis(scene, {
          title: this.spec.axis,
          nticks: 5,
          tickformat: "~g",
          ticksuffix: this.spec.suffix,
          type: this.log ? "log" : "linear",
          rangemode: this.spec.from_zero && !this.log ? "tozero" : "normal",
        }),
      },
      `${scene.key} ${this.log}`,
    )
    this.describe(drawn)
  }

  /** @param {OneLine} line */
  trace({ side, series, colour, curve }) {
    const name = `${side.data.name}${this.spec.series.length > 1 ? `, ${series.name}` : ""}`
    const dash = series.dotted ? "dot" : "solid"
    return {
      type: "scatter",
      mode: series.dots || this.spec.marked || curve.x.length === 1 ? "lines+markers" : "lines",
      x: curve.x,
      y: curve.y,
      name: plain(name),
      connectgaps: false,
      line: { color: colour, width: 1.8, dash: series.dashed ? "dash" : dash },
      marker: { size: 5, color: colour },
      hovertemplate: `${plain(name)}  <b>%{y:.${this.spec.digits}~g}</b>${this.spec.suffix}<extra></extra>`,
    }
  }

  /**
   * Of earlier runs only what was held out, or the one curve that there is: a mist, to be beaten.
   * @param {OverlayScene} scene
   */
  earlier(scene) {
    const wanted = this.spec.series.filter((series) => series.dashed || this.spec.series.length === 1)
    return scene.ghosts
      .flatMap((ghost) =>
        wanted.map((series) => {
          const { x, y } = together(ghost.series, series.metric, ghost.data.stages, series.factor)
          return {
            type: "scatter",
            mode: "lines",
            x,
            y,
            connectgaps: false,
            line: { color: scene.colours.muted, width: 1 },
            opacity: 0.4,
            hoverinfo: "skip",
          }
        }),
      )
      .filter((trace) => trace.x.length)
  }

  /**
   * @param {Side} side
   * @param {string} colour
   */
  ghosts(side, colour) {
    return this.spec.series.flatMap((series) =>
      side.series.of(series.metric, side.data.stages, side.series.ghosts).map(({ curve }) => ({
        type: "scatter",
        mode: "lines",
        x: curve.x,
        y: curve.y.map((value) => (value === null ? null : value * series.factor)),
        line: { color: colour, width: 1, dash: series.dashed ? "dash" : "solid" },
        opacity: 0.35,
        hoverinfo: "skip",
      })),
    )
  }

  /** @param {OneLine[]} drawn */
  describe(drawn) {
    const last = ends(drawn, this.spec)
    const { question, unit } = this.spec.help
    say(this.foot, last.length ? words.last(last) : "")
    this.plot.setAttribute("aria-label", words.description(question, unit, last))
    const rows = drawn.flatMap(({ side, series, curve }) =>
      curve.x.map((epoch, at) =>
        [quoted(side.data.name), series.name, curve.stage[at], epoch, curve.y[at] ?? ""].join(","),
      ),
    )
    offerCsv(this.csv, [CSV_HEAD, ...rows].join("\n"), `compare-${this.spec.key}.csv`)
  }

  close() {
    purge(this.plot)
  }
}

/**
 * A name for plotly, which reads some tags and its own templates.
 * @param {string} text
 */
function plain(text) {
  return text.replace(READ_BY_PLOTLY, (sign) => SIGNS.get(sign) ?? sign)
}

/**
 * A name as one cell; a leading sign that spreadsheets would take for a formula is shielded.
 * @param {string} text
 */
function quoted(text) {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
