// Two to six runs over one another: curves with one colour a run, and the filters of each at the same epoch.

import { el, resolved, say, themeOf } from "./dom.js"
import { Feed } from "./feed.js"
import { help } from "./help.js"
import { keepView, loadPlotly } from "./mounting.js"
import { Overlay } from "./overlay.js"
import { Mosaic } from "./pictures.js"
import { Series } from "./series.js"

const MOST_STEPS = 2000

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View {
  constructor(parent) {
    this.parent = parent
    this.node = null
    this.key = ""
    this.epoch = null // null: the end of the longest run
    this.sides = []
    this.resized = new ResizeObserver(() => this.draw())
  }

  update(component) {
    this.component = component
    this.data = component.data
    if (!this.node) this.build()
    const key = this.data.sides.map((side) => side.run).join()
    if (key !== this.key) this.change(key)
    this.draw()
  }

  build() {
    this.legend = el("div", { class: "labc-legend", "data-testid": "labc-legend" })
    this.overlays = this.data.charts.map((spec) => new Overlay(spec, this))
    this.tiles = el("div", { class: "labc-filters" })
    this.range = el("input", { type: "range", class: "labd-range", min: 0, max: 1, step: "any", value: 1, "aria-label": "Epoch at which filters are shown", "data-testid": "labc-range" })
    this.range.oninput = () => {
      const value = Number(this.range.value)
      this.epoch = value >= this.reached ? null : value
      this.draw()
    }
    this.where = el("output", { class: "labd-where", "data-testid": "labc-where" })
    const texts = this.data.filters
    this.node = el(
      "div", { class: "lab-live labd labc-compare", "data-testid": "lab-compare" },
      this.legend,
      el("div", { class: "labc-charts" }, ...this.overlays.map((chart) => chart.node)),
      el("section", { class: "lab-panel labc-box" },
        el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, texts.question), el("span", { class: "lab-tools" }, ...help(texts))),
        el("div", { class: "labd-slider" }, this.range, this.where),
        this.tiles),
    )
    const host = this.parent.querySelector(".lab-compare-host") ?? this.parent
    host.replaceChildren(this.node)
    this.resized.observe(host)
    loadPlotly(this.data.sides[0].addresses.plotly).then((library) => {
      this.plotly = library
      this.draw()
    }, () => say(this.where, "The server does not answer; reload the page."))
  }

  change(key) {
    this.key = key
    this.epoch = null
    for (const side of this.sides) side.close()
    this.sides = this.data.sides.map((data) => new Side(data, this))
    this.tiles.replaceChildren(...this.sides.map((side) => side.tile))
    this.legend.replaceChildren(...this.sides.map((side) => side.entry), this.keys())
    this.node.dataset.runs = key
  }

  keys() {
    const item = (dash, words) => el("span", {}, el("i", { "data-dash": dash }), words)
    return el("span", { class: "labc-keys" }, item("solid", "train"), item("dash", "held out"), item("ghost", "the run it was branched from"))
  }

  get reached() {
    return Math.max(0.01, ...this.sides.map((side) => side.reached))
  }

  draw() {
    if (!this.node || !this.sides.length) return
    const theme = themeOf(this.node)
    if (this.coloured?.key !== theme) {
      const names = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", band: "--lab-band", surface: "--st-background-color" }
      this.coloured = { key: theme, ...resolved(this.node, names), font: getComputedStyle(this.node).fontFamily }
    }
    const palette = this.data.palette[theme]
    const scene = {
      plotly: this.plotly, theme, colours: this.coloured, runs: palette.runs, stops: palette.stops,
      sides: this.sides, key: this.key, epochs: Math.max(...this.sides.map((side) => side.status?.epochs ?? 0)), width: this.node.clientWidth, reached: this.reached,
    }
    this.slide()
    this.sides.forEach((side, at) => side.draw(scene, palette.runs[at], this.epoch ?? this.reached))
    const shown = this.overlays.filter((chart) => chart.isMeasured(scene))
    for (const chart of this.overlays) {
      chart.node.classList.toggle("labc-first", chart === shown[0] || (shown.length % 2 === 0 && chart === shown.at(-1)))
      if (this.plotly) chart.draw(scene)
    }
  }

  slide() {
    const reached = this.reached
    this.range.max = String(reached)
    this.range.step = String(reached / MOST_STEPS)
    this.range.value = String(this.epoch ?? reached)
    const words = this.epoch === null ? `the newest of each, at most epoch ${reached.toFixed(2)}` : `epoch ${this.epoch.toFixed(2)}`
    say(this.where, words)
    this.range.setAttribute("aria-valuetext", words)
  }

  changed(what) {
    this.component.setTriggerValue("changed", what)
  }

  close() {
    this.resized.disconnect()
    for (const side of this.sides) side.close()
    for (const chart of this.overlays ?? []) chart.close()
    this.node?.remove()
  }
}

/** One run: its numbers, its name in the legend, and its filters. */
class Side {
  constructor(data, view) {
    this.data = data
    this.view = view
    this.series = new Series()
    this.moments = []
    this.status = null
    this.told = data.status
    const name = () => [el("i"), el("b", {}, data.name), el("small")]
    this.entry = el("span", { class: "labc-run", "data-testid": "labc-run" }, ...name())
    this.label = el("span", { class: "labc-run" }, ...name())
    this.mosaic = new Mosaic({ ...view.data.filters, question: "" }, () => view.draw())
    this.tile = el("div", { class: "labc-tile", "data-testid": "labc-tile" }, this.label, this.mosaic.node)
    this.feed = new Feed(data.addresses.news, (news) => this.take(news), (kind) => this.trouble(kind))
  }

  get reached() {
    return Math.max(this.status?.epoch ?? 0, this.series.epoch, this.moments.at(-1)?.epoch ?? 0)
  }

  take(news) {
    this.series.add(news.points, news.marks, news.ghosts)
    this.status = news.status
    this.moments = news.moments
    this.view.draw()
    // The table below is Python's: it is drawn again once, when a run that was alive has ended.
    if (!news.status.alive && !["done", "stopped", "diverged", "failed"].includes(this.told)) {
      this.told = "done"
      this.view.changed(`${this.data.run} ended`)
    }
  }

  trouble(kind) {
    if (kind === "gone") this.view.changed("gone")
    this.offline = kind === "offline"
    this.view.draw()
  }

  /** The newest picture at or before an epoch; the first one where the run has none so early. */
  at(epoch) {
    return this.moments.findLast((moment) => moment.epoch <= epoch + 1e-6) ?? this.moments[0] ?? null
  }

  draw(scene, colour, epoch) {
    const { status } = this
    const words = this.offline ? "the server does not answer" : status ? `${status.headline} · epoch ${status.epoch.toFixed(2)}` : ""
    for (const node of [this.entry, this.label]) node.firstChild.style.background = colour
    say(this.entry.lastChild, words)
    const moment = this.at(epoch)
    this.tile.dataset.epoch = moment?.epoch ?? ""
    say(this.label.lastChild, moment ? `epoch ${moment.epoch.toFixed(2)}` : "")
    const side = Math.min(this.tile.clientWidth - this.mosaic.border, 400)
    this.mosaic.node.style.setProperty("--lab-side", `${Math.max(120, Math.floor(side))}px`)
    this.mosaic.update(moment, { address: this.data.addresses.filters, theme: scene.theme, stops: scene.stops })
  }

  close() {
    this.feed.close()
  }
}
