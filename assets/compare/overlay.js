// One chart with the curves of all runs. A layer's end breaks a line; what was inherited from a parent is thin.

import { el, say, show } from "./dom.js"
import { axis, figure, react } from "./drawing.js"
import { epochRange } from "./axis.js"
import { help } from "./help.js"
import { together } from "./pairs.js"

const DASHES = { dashed: "dash", dotted: "dot" }

export class Overlay {
  constructor(spec, view) {
    this.spec = spec
    this.key = ""
    this.log = false
    this.plot = el("div", { class: "labc-plot", role: "img", "data-testid": `labc-plot-${spec.key}` })
    this.foot = el("p", { class: "labd-foot" })
    const logger = el("button", { type: "button", class: "lab-tool", "aria-pressed": "false", hidden: !spec.can_be_log, "aria-label": `Logarithmic axis: ${spec.help.question}` }, "log")
    logger.onclick = () => {
      this.log = !this.log
      logger.setAttribute("aria-pressed", String(this.log))
      view.draw()
    }
    this.csv = el("a", { class: "lab-tool", "aria-label": `Download as CSV: ${spec.help.question}`, download: `compare-${spec.key}.csv` }, "csv")
    this.node = el(
      "section", { class: "lab-panel labd-card", "data-testid": `labc-chart-${spec.key}`, hidden: true },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, spec.help.question), el("span", { class: "lab-tools" }, logger, this.csv, ...help(spec.help))),
      this.plot,
      this.foot,
    )
  }

  isMeasured(scene) {
    return scene.sides.some((side) => this.spec.series.some(({ metric }) => side.series.of(metric, side.data.stages).length))
  }

  draw(scene) {
    const key = `${scene.key} ${scene.theme} ${scene.width} ${this.log} ${scene.sides.map((side) => side.series.revision)} ${scene.ghosts.map((ghost) => `${ghost.data.run}${ghost.series.revision}`)} ${scene.epochs} ${this.node.className}`
    if (key === this.key) return
    this.key = key
    const lines = scene.sides.flatMap((side, at) => this.spec.series.map((series) => ({
      side, series, colour: scene.lines[at], curve: together(side.series, series.metric, side.data.stages, series.factor),
    })))
    show(this.node, this.isMeasured(scene))
    if (this.node.hidden) return
    const drawn = lines.filter((line) => line.curve.x.length)
    const traces = [...this.earlier(scene), ...scene.sides.flatMap((side, at) => this.ghosts(side, scene.lines[at])), ...drawn.map((line) => this.trace(line))]
    react(scene, this.plot, traces, {
      margin: { l: 62, r: 12, t: 8, b: 36 },
      xaxis: axis(scene, { title: "epoch of the whole run", range: epochRange(scene.reached, scene.epochs), nticks: 8, unifiedhovertitle: { text: "epoch %{x:.2f}" } }),
      yaxis: axis(scene, {
        title: this.spec.axis, nticks: 5, tickformat: "~g", ticksuffix: this.spec.suffix, type: this.log ? "log" : "linear",
        rangemode: this.spec.from_zero && !this.log ? "tozero" : "normal",
      }),
    }, `${scene.key} ${this.log}`)
    this.describe(drawn)
  }

  trace({ side, series, colour, curve }) {
    const name = `${side.data.name}${this.spec.series.length > 1 ? `, ${series.name}` : ""}`
    const dash = Object.entries(DASHES).find(([flag]) => series[flag])?.[1] ?? "solid"
    return {
      type: "scatter", mode: series.dots || this.spec.marked || curve.x.length === 1 ? "lines+markers" : "lines", x: curve.x, y: curve.y,
      name: plain(name), connectgaps: false, line: { color: colour, width: 1.8, dash }, marker: { size: 5, color: colour },
      hovertemplate: `${plain(name)}  <b>%{y:.${this.spec.digits}~g}</b>${this.spec.suffix}<extra></extra>`,
    }
  }

  /** Of earlier runs only what was held out, or the one curve that there is: a mist, to be beaten. */
  earlier(scene) {
    const wanted = this.spec.series.filter((series) => series.dashed || this.spec.series.length === 1)
    return scene.ghosts.flatMap((ghost) => wanted.map((series) => {
      const { x, y } = together(ghost.series, series.metric, ghost.data.stages, series.factor)
      return { type: "scatter", mode: "lines", x, y, connectgaps: false, line: { color: scene.colours.muted, width: 1 }, opacity: 0.4, hoverinfo: "skip" }
    })).filter((trace) => trace.x.length)
  }

  ghosts(side, colour) {
    return this.spec.series.flatMap((series) => side.series.of(series.metric, side.data.stages, side.series.ghosts).map(({ curve }) => ({
      type: "scatter", mode: "lines", x: curve.x, y: curve.y.map((value) => value === null ? null : value * series.factor),
      line: { color: colour, width: 1, dash: series.dashed ? "dash" : "solid" }, opacity: 0.35, hoverinfo: "skip",
    })))
  }

  describe(drawn) {
    const words = drawn.filter((line) => line.series.dashed || this.spec.series.length === 1).map(({ side, series, curve }) =>
      `${side.data.name}${this.spec.series.length > 1 ? ` (${series.name})` : ""} ${figure(curve.y.at(-1))}${this.spec.suffix}`)
    say(this.foot, words.length ? `Last: ${words.join(" · ")}` : "")
    this.plot.setAttribute("aria-label", `Line chart. ${this.spec.help.question} ${this.spec.help.unit}. ${words.join("; ")}`)
    const rows = drawn.flatMap(({ side, series, curve }) => curve.x.map((epoch, at) => [quoted(side.data.name), series.name, curve.stage[at], epoch, curve.y[at] ?? ""].join(",")))
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(["run,series,stage,epoch,value", ...rows].join("\n"))}`
  }

  close() {
    if (this.plot.data) window.Plotly?.purge(this.plot)
  }
}

/** A name for plotly, which reads some tags and its own templates. */
function plain(text) {
  return text.replace(/[<>%{}]/g, (sign) => ({ "<": "‹", ">": "›", "%": "％", "{": "(", "}": ")" })[sign])
}

/** A name as one cell; a leading sign that spreadsheets would take for a formula is shielded. */
function quoted(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
