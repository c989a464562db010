// The live curves, one plot a chart, one x axis for all: epochs of the whole run. Plots are updated in place
// (`Plotly.react` with a constant `uirevision`), so that zoom and hover survive every update.

import { epochRange, extent, valueRange } from "./axis.js"
import { choice, el, show } from "./dom.js"
import { help } from "./help.js"
import { drawMarks } from "./marks.js"
import { table } from "./table.js"

const MARGIN = { l: 52, r: 10, t: 16, b: 8 }
const LAST_MARGIN = { ...MARGIN, b: 34 }
const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, doubleClick: false, showTips: false }

export class Charts {
  constructor(specs, csv) {
    this.zoom = null // [from, to] in epochs, shared by all charts; null shows the whole run
    this.charts = specs.map((spec) => new Chart(spec, csv, this))
    this.node = el("div", { class: "lab-charts lab-panel" }, ...this.charts.map((chart) => chart.node))
    this.select(this.charts)
  }

  /** Only these charts; the first has the legend, the last the labels of the epochs. */
  select(charts) {
    this.shown = this.charts.filter((chart) => charts.includes(chart))
    this.charts.forEach((chart) => {
      show(chart.node, this.shown.includes(chart))
      chart.isFirst = chart === this.shown[0]
      chart.isLast = chart === this.shown.at(-1)
    })
  }

  draw(scene) {
    this.scene = scene
    if (!scene.plotly) return
    for (const chart of this.shown) chart.draw(scene, this.range(scene))
  }

  range(scene) {
    return this.zoom ?? epochRange(scene.epoch, scene.epochs, this.start(scene))
  }

  /** The epoch at which the curves on the screen begin: a classifier's do where pretraining ends. */
  start({ series, stages }) {
    const metrics = this.shown.flatMap((chart) => chart.spec.series.map(({ metric }) => metric))
    const curves = metrics.flatMap((metric) => [...series.of(metric, stages), ...series.of(metric, stages, series.ghosts)])
    return curves.length ? Math.floor(Math.min(...curves.map(({ curve }) => curve.x[0]))) : 0
  }

  setZoom(range) {
    this.zoom = range
    if (this.scene) this.draw(this.scene)
  }

  clear() {
    this.zoom = null
    for (const chart of this.charts) chart.clear()
  }

  close() {
    for (const chart of this.charts) chart.close()
  }
}

class Chart {
  constructor(spec, csv, all) {
    this.spec = spec
    this.isFirst = false
    this.isLast = false
    this.all = all
    this.log = false
    this.tabled = false
    this.yzoom = null
    this.plot = el("div", { class: "lab-plot", role: "img", "data-testid": `lab-chart-${spec.key}` })
    this.legend = el("div", { class: "lab-legend", "aria-hidden": "true" })
    this.reset = el("button", { type: "button", class: "lab-tool lab-reset", hidden: true, onclick: () => this.unzoom() }, "whole run")
    this.numbers = el("div", { class: "lab-numbers", hidden: true, tabindex: 0, role: "region", "aria-label": `Table: ${spec.help.question}` })
    this.node = el(
      "section",
      { class: "lab-chart", style: `flex-grow: ${spec.weight * 100}; flex-shrink: 1; flex-basis: ${spec.weight * 130}px` },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, spec.help.question), this.tools(csv)),
      el("div", { class: "lab-canvas" }, this.plot, this.legend, this.numbers),
    )
    this.watch = null
  }

  tools(csv) {
    const spec = this.spec
    const scale = spec.can_be_log
      ? [choice("Scale of the axis", { linear: "linear", log: "log" }, "linear", (value) => this.setLog(value === "log"))]
      : []
    const tabled = el("button", { type: "button", class: "lab-tool", "aria-pressed": "false", "aria-label": `Table of ${spec.help.question}` }, "table")
    tabled.onclick = () => {
      this.tabled = !this.tabled
      tabled.setAttribute("aria-pressed", String(this.tabled))
      this.all.draw(this.all.scene)
    }
    const names = spec.series.map((series) => series.metric).join(",")
    this.csv = el("a", { class: "lab-tool", href: `${csv}?names=${names}`, download: "", "aria-label": `Download as CSV: ${spec.help.question}` }, "csv")
    this.names = names
    return el("span", { class: "lab-tools" }, this.reset, ...scale, tabled, this.csv, ...help(spec.help))
  }

  setCsv(address) {
    this.csv.href = `${address}?names=${this.names}`
  }

  setLog(log) {
    this.log = log
    this.yzoom = null
    this.all.draw(this.all.scene)
  }

  unzoom() {
    this.yzoom = null
    this.all.setZoom(null)
  }

  draw(scene, range) {
    const drawn = this.spec.series.flatMap((series) =>
      scene.series.of(series.metric, scene.stages).map((entry) => ({ ...entry, series })))
    const ghosts = this.spec.series.flatMap((series) =>
      scene.series.of(series.metric, scene.stages, scene.series.ghosts).map((entry) => ({ ...entry, series })))
    show(this.numbers, this.tabled)
    show(this.reset, Boolean(this.all.zoom || this.yzoom))
    this.plot.setAttribute("aria-label", this.description(drawn))
    this.drawLegend(drawn, scene, ghosts.length > 0)
    if (this.tabled) this.numbers.replaceChildren(table(this.spec, drawn))
    const { clientWidth: width, clientHeight: height } = this.plot
    if (!width || !height) return
    const lines = [...ghosts.map((entry) => this.ghost(entry, scene)), ...drawn.map((entry) => this.trace(entry, scene))]
    const traces = lines.length ? lines : [{ x: [], y: [], type: "scatter" }]
    scene.plotly.react(this.plot, traces, this.layout([...ghosts, ...drawn], scene, range, width, height), CONFIG)
    this.listen()
  }

  trace({ stage, index, curve, series }, scene) {
    const factor = series.factor
    const name = this.spec.series.length > 1 ? `${stage.label}, ${series.name}` : stage.label
    const unit = this.spec.hover.replace("{units}", stage.units.toLocaleString("en"))
    const y = factor === 1 ? curve.y : curve.y.map((value) => value === null ? null : value * factor)
    const alone = series.dots || curve.x.length < 2
    return {
      type: "scatter",
      mode: alone ? "markers" : this.spec.marked ? "lines+markers" : "lines",
      x: curve.x,
      y,
      name,
      connectgaps: false,
      line: { color: scene.layers[index % scene.layers.length], width: 2, dash: dashOf(series) },
      marker: { size: 5, color: scene.layers[index % scene.layers.length] },
      hovertemplate: `${name}  <b>%{y:.${this.spec.digits}~g}</b>${unit}<extra></extra>`,
    }
  }

  /** The parent's curve under the child's, thin and grey, silent on hover. */
  ghost({ curve, series }, scene) {
    const y = series.factor === 1 ? curve.y : curve.y.map((value) => value === null ? null : value * series.factor)
    const line = { color: scene.colours.muted, width: 1, dash: dashOf(series) }
    return { type: "scatter", mode: series.dots ? "markers" : "lines", x: curve.x, y, connectgaps: false, opacity: 0.6, line, marker: { size: 4, color: scene.colours.muted }, hoverinfo: "skip", name: "parent" }
  }

  layout(drawn, scene, range, width, height) {
    const margin = this.isLast ? LAST_MARGIN : MARGIN
    const { colours } = scene
    const { shapes, annotations } = drawMarks(scene.series.marks, range, width - margin.l - margin.r, colours)
    const axis = { color: colours.muted, gridcolor: colours.grid, linecolor: colours.grid, zeroline: false, fixedrange: false, tickfont: { size: 11 }, automargin: false }
    const scaled = drawn.map(({ curve, series }) => ({ y: curve.y.map((value) => value === null ? null : value * series.factor) }))
    const values = this.yzoom ?? valueRange(extent(scaled), this.spec, this.log)
    return {
      width,
      height,
      margin,
      uirevision: scene.run,
      datarevision: scene.series.revision,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colours.font, size: 11, color: colours.muted },
      showlegend: false,
      hovermode: "x unified",
      dragmode: "zoom",
      hoverlabel: { bgcolor: colours.surface, bordercolor: colours.grid, font: { family: colours.font, size: 12, color: colours.text } },
      xaxis: {
        ...axis,
        range,
        showticklabels: this.isLast,
        ticks: "",
        nticks: 8,
        showspikes: false,
        unifiedhovertitle: { text: "epoch %{x:.2f}" },
        title: this.isLast ? { text: "epoch of the whole run", font: { size: 11 }, standoff: 4 } : undefined,
      },
      yaxis: {
        ...axis,
        type: this.log ? "log" : "linear",
        range: values,
        nticks: Math.max(3, Math.round(height / 26)),
        dtick: this.log && values[1] - values[0] > 0.6 ? "D2" : undefined, // 1, 2, 5, 10: all digits would overlap
        tickformat: "~g",
        ticksuffix: this.spec.suffix,
        title: { text: this.spec.axis, font: { size: 11 }, standoff: 4 },
      },
      shapes: [...this.band(colours), ...shapes],
      annotations: this.isFirst ? annotations : [],
    }
  }

  band(colours) {
    if (!this.spec.band) return []
    const [y0, y1] = this.spec.band
    return [{
      type: "rect", xref: "paper", yref: "y", x0: 0, x1: 1, y0, y1, layer: "below", fillcolor: colours.band, line: { width: 0 },
      label: { text: `${y0} to ${y1} %`, textposition: "bottom right", font: { size: 10, color: colours.muted }, padding: 3 },
    }]
  }

  /** Zooming one chart in x zooms all; double click shows the whole run again. */
  listen() {
    if (this.watch) return
    this.watch = (change) => {
      if (change["xaxis.range[0]"] === undefined && change["yaxis.range[0]"] === undefined) return
      if (change["yaxis.range[0]"] !== undefined) this.yzoom = [change["yaxis.range[0]"], change["yaxis.range[1]"]]
      if (change["xaxis.range[0]"] !== undefined) this.all.setZoom([change["xaxis.range[0]"], change["xaxis.range[1]"]])
      else this.all.draw(this.all.scene)
    }
    this.plot.on("plotly_relayout", this.watch)
    this.plot.on("plotly_doubleclick", () => this.unzoom())
  }

  drawLegend(drawn, scene, ghostly) {
    const stages = [...new Map(drawn.map((entry) => [entry.stage.key, entry])).values()]
    const named = this.all.shown[0] !== this && !sameNames(this.all.shown[0].spec, this.spec)
    const key = `${scene.theme} ${drawn.map((entry) => `${entry.stage.key} ${entry.series.metric}`)} ${this.tabled} ${ghostly} ${this.isFirst} ${named}`
    if (this.legend.dataset.key === key) return
    this.legend.dataset.key = key
    const layers = stages.map(({ stage, index }) =>
      el("span", {}, el("i", { class: "lab-swatch", style: `background: ${scene.layers[index % scene.layers.length]}` }), stage.label))
    const lines = this.spec.series.filter((series) => drawn.some((entry) => entry.series === series))
    const splits = lines.length > 1 ? lines.map((series) => el("span", {}, el("i", { class: `lab-${dashOf(series, "dots")}` }), series.name)) : []
    const parent = ghostly ? [el("span", {}, el("i", { class: "lab-solid lab-ghost" }), "parent")] : []
    const legend = this.isFirst ? [...layers, ...splits, ...parent] : named ? splits : []
    this.legend.replaceChildren(...(this.tabled ? [] : legend))
  }

  description(drawn) {
    const last = drawn.map(({ stage, curve, series }) => {
      const value = curve.y.at(-1)
      const number = value === null ? "not a number" : `${Number((value * series.factor).toPrecision(3))}${this.spec.suffix}`
      return `${stage.label}, ${series.name}: ${number} at epoch ${curve.x.at(-1).toFixed(2)}`
    })
    return `Line chart. ${this.spec.help.question} ${this.spec.help.unit}. ${last.join("; ") || "Nothing measured yet"}.`
  }

  clear() {
    this.yzoom = null
    this.legend.dataset.key = ""
    this.legend.replaceChildren()
    this.numbers.replaceChildren()
  }

  close() {
    if (this.watch) this.all.scene?.plotly?.purge(this.plot)
    this.watch = null
  }
}

/** How a line is drawn; `dots` names what has no line. */
function dashOf(series, dots = "solid") {
  if (series.dots) return dots
  return series.dotted ? "dot" : series.dashed ? "dash" : "solid"
}

/** The legend of the first chart speaks for one whose lines mean the same. */
function sameNames(one, other) {
  const names = (spec) => spec.series.map((series) => series.name).join()
  return other.series.length < 2 || names(one) === names(other)
}
