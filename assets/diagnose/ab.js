// Two runs side by side: what each is doing, its filters, and for a few metrics both curves with their difference.

import { epochRange } from "./axis.js"
import { el, say, show } from "./dom.js"
import { axis, figure, guide, react } from "./drawing.js"
import { Feed } from "./feed.js"
import { help } from "./help.js"
import { keepView } from "./mounting.js"
import { Mosaic } from "./pictures.js"
import { RunsView } from "./runs_view.js"
import { Series } from "./series.js"
import { Status } from "./status.js"
import { difference, together } from "./pairs.js"

const MOST_ROWS = 300

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View extends RunsView {
  build() {
    this.sides = [0, 1].map((at) => new Side(at, this))
    this.pairs = this.data.charts.map((spec) => new Pair(spec, this))
    this.node = el(
      "div",
      { class: "lab-live labd labd-ab", "data-testid": "lab-ab" },
      el("div", { class: "labd-grid" }, ...[...this.sides, ...this.pairs].map((part) => part.node)),
    )
    this.settle(".lab-ab-host", () => this.sides[0].status.setTrouble("offline"))
  }

  change() {
    this.sides.forEach((side, at) => side.change(this.data.sides[at]))
    for (const pair of this.pairs) pair.key = ""
  }

  show(scene) {
    const reached = Math.max(...this.sides.map((side) => side.reached))
    const epochs = Math.max(...this.sides.map((side) => side.latest?.status.epochs ?? 0))
    const whole = { ...scene, reached, epochs }
    for (const side of this.sides) side.draw(whole)
    if (this.plotly) for (const pair of this.pairs) pair.draw(whole)
  }

  close() {
    super.close()
    for (const pair of this.pairs ?? []) pair.close()
  }
}

class Side {
  constructor(at, view) {
    this.at = at
    this.view = view
    this.status = new Status()
    this.name = el("span", { class: "labd-letter" })
    const texts = { question: "What does each unit look for?", look: "One tile a hidden unit. With the same seed a unit starts from the same noise in both runs, so tiles at the same place can be compared.", formula: "one row of W as an image; for a deeper layer the linear combination of the layers below", unit: "weight", split: "" }
    this.mosaic = new Mosaic(texts, () => view.draw())
    this.node = el("div", { class: "labd-side", "data-testid": `labd-side-${at}` }, el("div", { class: "labd-name" }, this.name, this.status.node), this.mosaic.node)
    this.series = new Series()
  }

  get reached() {
    return Math.max(this.latest?.status.epoch ?? 0, this.series.epoch)
  }

  change(data) {
    this.feed?.close()
    this.data = data
    this.series = new Series()
    this.latest = null
    this.status.clear(this.run)
    this.mosaic.clear()
    say(this.name, data.label)
    this.feed = new Feed(data.addresses.side, (news) => this.take(news), (kind) => this.trouble(kind))
  }

  take(news) {
    const first = this.latest === null
    this.latest = news
    this.series.add(news.points, news.marks)
    this.status.update(news.status, news.waiting, news.marks, first)
    this.view.draw()
  }

  trouble(kind) {
    this.status.setTrouble(kind)
    if (kind === "gone") this.view.changed("gone")
  }

  close() {
    this.feed?.close()
  }

  draw(scene) {
    this.name.style.background = scene.layers[this.at]
    if (!this.latest) return
    const side = Math.min(this.node.clientWidth - this.mosaic.border, 430)
    this.mosaic.node.style.setProperty("--lab-side", `${Math.max(120, Math.floor(side))}px`)
    this.mosaic.offer(this.latest.layers)
    this.mosaic.update(this.mosaic.chosen(this.latest), { address: this.data.addresses.filters, theme: scene.theme, stops: scene.stops })
  }
}

class Pair {
  constructor(spec, view) {
    this.spec = spec
    this.view = view
    this.key = ""
    this.tabled = false
    this.both = el("div", { class: "labd-both", role: "img", "data-testid": `labd-both-${spec.key}` })
    this.apart = el("div", { class: "labd-apart", role: "img", "data-testid": `labd-apart-${spec.key}` })
    this.numbers = el("div", { class: "lab-numbers", hidden: true, tabindex: 0, role: "region", "aria-label": `Table: ${spec.help.question}` })
    this.foot = el("p", { class: "labd-foot" })
    const tabler = el("button", { type: "button", class: "lab-tool", "aria-pressed": "false", "aria-label": `Table of ${spec.help.question}` }, "table")
    tabler.onclick = () => {
      this.tabled = !this.tabled
      tabler.setAttribute("aria-pressed", String(this.tabled))
      this.key = ""
      view.draw()
    }
    this.csv = el("a", { class: "lab-tool", "aria-label": `Download as CSV: ${spec.help.question}`, download: `ab-${spec.metric}.csv` }, "csv")
    this.node = el(
      "section",
      { class: "labd-card lab-panel", "data-testid": `labd-card-${spec.key}` },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, spec.help.question), el("span", { class: "lab-tools" }, tabler, this.csv, ...help(spec.help))),
      el("div", { class: "labd-canvas" }, el("div", { class: "labd-body labd-stack" }, this.both, this.apart), this.numbers),
      this.foot,
    )
  }

  draw(scene) {
    const key = `${scene.key} ${scene.theme} ${scene.width} ${this.tabled} ${scene.sides.map((side) => side.series.revision)} ${scene.epochs}`
    if (key === this.key) return
    this.key = key
    const { factor, metric } = this.spec
    const curves = scene.sides.map((side) => together(side.series, metric, side.data.stages, factor))
    show(this.node, !this.spec.optional || curves.some((curve) => curve.x.length))
    if (this.node.hidden) return
    const apart = difference(curves[0], curves[1])
    const x = axis(scene, { range: epochRange(scene.reached, scene.epochs), nticks: 7, unifiedhovertitle: { text: "epoch %{x:.2f}" } })
    const margin = { l: 58, r: 10, t: 8, b: 4 }
    react(scene, this.both, curves.map((curve, at) => this.trace(curve, scene.layers[at], `${scene.sides[at].data.label}`)), {
      margin,
      xaxis: { ...x, showticklabels: false },
      yaxis: axis(scene, { title: this.spec.axis, nticks: 5, rangemode: this.spec.from_zero ? "tozero" : "normal", ticksuffix: this.spec.suffix, tickformat: "~g" }),
    }, scene.key)
    react(scene, this.apart, [this.trace(apart, scene.colours.text, "B − A", "lines+markers")], {
      margin: { ...margin, b: 34 },
      xaxis: { ...x, title: { text: "epoch of the whole run", font: { size: 11 }, standoff: 4 } },
      yaxis: axis(scene, { title: "B − A", nticks: 4, tickformat: "~g" }),
      shapes: [guide(scene, 0, "")],
    }, scene.key)
    this.describe(curves, apart)
    show(this.numbers, this.tabled)
    const rows = rowsOf(curves, apart)
    if (this.tabled) this.numbers.replaceChildren(table(this.spec, rows))
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(["epoch,layer,a,b,b_minus_a", ...rows.map((row) => row.join(","))].join("\n"))}`
  }

  trace(curve, colour, name, mode = "lines") {
    return {
      type: "scatter", mode, x: curve.x, y: curve.y, name, connectgaps: false,
      line: { color: colour, width: mode === "lines" ? 2 : 1.5 }, marker: { size: 3.5, color: colour },
      hovertemplate: `${name}  <b>%{y:.3~g}</b>${this.spec.suffix}<extra></extra>`,
    }
  }

  describe(curves, apart) {
    const at = apart.x.length - 1
    const words = at < 0
      ? "No epoch yet at which both were measured."
      : `Epoch ${apart.x[at].toFixed(2)}: A ${figure(apart.a[at])}, B ${figure(apart.b[at])}, B − A ${figure(apart.y[at])}`
    this.both.setAttribute("aria-label", `${this.spec.help.question} Both runs. ${words}`)
    this.apart.setAttribute("aria-label", `Difference B minus A. ${words}`)
    say(this.foot, words)
  }

  close() {
    for (const plot of [this.both, this.apart]) if (plot.data) window.Plotly?.purge(plot)
  }
}

/** Rows of the table: every epoch at which both were measured. */
function rowsOf(curves, apart) {
  const known = apart.x.map((_, at) => at).filter((at) => apart.y[at] !== null)
  return known.map((at) => [apart.x[at], apart.stage[at], apart.a[at], apart.b[at], Number(apart.y[at].toPrecision(4))])
}

function table(spec, rows) {
  const shown = rows.slice(-MOST_ROWS).reverse()
  return el(
    "table", { class: "lab-table" },
    el("caption", {}, `${spec.help.unit}; the newest ${MOST_ROWS} at most, the CSV holds all`),
    el("thead", {}, el("tr", {}, ...["epoch", "layer", "A", "B", "B − A"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...shown.map(([first, ...others]) => el("tr", {}, el("th", { scope: "row" }, first.toFixed(2)), ...others.map((text) => el("td", {}, String(text)))))),
  )
}
