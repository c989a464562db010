// Two to six runs over one another: curves with one colour a run, and the filters of each at the same epoch.

import { el, say } from "./dom.js"
import { Feed } from "./feed.js"
import { help } from "./help.js"
import { keepView } from "./mounting.js"
import { Overlay } from "./overlay.js"
import { Mosaic } from "./pictures.js"
import { RunsView } from "./runs_view.js"
import { Series } from "./series.js"

const MOST_STEPS = 2000

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View extends RunsView {
  constructor(parent) {
    super(parent)
    this.epoch = null // null: the end of the longest run
    this.ghosts = []
  }

  update(component) {
    const ghosts = component.data.ghosts.map((ghost) => ghost.run).join(" ")
    if (ghosts !== this.haunted) this.haunt(ghosts, component.data.ghosts)
    super.update(component)
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
    this.settle(".lab-compare-host", () => say(this.where, "The server does not answer; reload the page."))
  }

  change() {
    this.epoch = null
    for (const side of this.sides) side.close()
    this.sides = this.data.sides.map((data) => new Side(data, this))
    this.tiles.replaceChildren(...this.sides.map((side) => side.tile))
  }

  /** Other earlier runs behind. */
  haunt(key, ghosts) {
    this.haunted = key
    for (const ghost of this.ghosts) ghost.close()
    this.ghosts = ghosts.map((data) => new Ghost(data, this))
  }

  keys() {
    const item = (dash, words) => el("span", {}, el("i", { "data-dash": dash }), words)
    const { length } = this.ghosts
    const earlier = length ? [item("earlier", length === 1 ? this.ghosts[0].data.name : `${length} earlier runs, held out`)] : []
    return el("span", { class: "labc-keys" }, item("solid", "train"), item("dash", "held out"), item("ghost", "the run it was branched from"), ...earlier)
  }

  get reached() {
    return Math.max(0.01, ...this.sides.map((side) => side.reached))
  }

  show(drawn) {
    const epochs = Math.max(...this.sides.map((side) => side.status?.epochs ?? 0))
    const scene = { ...drawn, ghosts: this.ghosts, epochs, reached: this.reached }
    this.slide()
    this.label()
    this.sides.forEach((side, at) => side.draw(scene, scene.lines[at], this.epoch ?? this.reached))
    const shown = this.overlays.filter((chart) => chart.isMeasured(scene))
    for (const chart of this.overlays) {
      chart.node.classList.toggle("labc-first", chart === shown[0] || (shown.length % 2 === 0 && chart === shown.at(-1)))
      if (this.plotly) chart.draw(scene)
    }
  }

  /** The legend, when other runs stand in it. */
  label() {
    const key = `${this.runs}|${this.haunted}`
    if (key === this.labelled) return
    this.labelled = key
    this.legend.replaceChildren(...this.sides.map((side) => side.entry), this.keys())
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

  close() {
    super.close()
    for (const part of [...this.ghosts, ...(this.overlays ?? [])]) part.close()
  }
}

/** An earlier run behind the others: its numbers only. */
class Ghost {
  constructor(data, view) {
    this.data = data
    this.series = new Series()
    this.feed = new Feed(data.addresses.news, (news) => {
      this.series.add(news.points, news.marks)
      view.draw()
    }, () => {}) // one that cannot be had leaves nothing behind
  }

  close() {
    this.feed.close()
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
