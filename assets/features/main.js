// The Features page: every moment of a run under one scrubber. Streamlit calls `mount` again whenever the script or the
// theme changes; everything on the screen is kept and only what differs is drawn anew.

import * as address from "./address.js"
import { Article } from "./article.js"
import { Curves } from "./curves.js"
import { el, resolved, say, show, themeOf } from "./dom.js"
import { Feed } from "./feed.js"
import { Frames, Questions } from "./fetching.js"
import { Histograms } from "./histograms.js"
import { Images } from "./images.js"
import { Layer } from "./layers.js"
import { Listing } from "./listing.js"
import { keepView, loadPlotly } from "./mounting.js"
import { Options } from "./options.js"
import { Scrubber } from "./scrubber.js"
import { Series } from "./series.js"
import { Status } from "./status.js"
import { Timeline } from "./timeline.js"
import { UnitLife } from "./unit.js"

const AHEAD = 60 // positions fetched ahead, nearest first
const WIDE = 640 // px from which one layer stands beside the curves
const MEASURED = ["localisation", "scale"] // charts of what is measured on the pictures themselves

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View {
  constructor(parent) {
    this.parent = parent
    this.node = null
    this.run = null
    this.touched = false // by a person: until then no worker is asked, since a link must never start work
    this.resized = new ResizeObserver(() => this.fit())
  }

  update(component) {
    this.component = component
    this.data = component.data
    if (!this.node) this.build()
    const theme = themeOf(this.node)
    const changed = theme !== this.theme
    this.theme = theme
    this.node.dataset.theme = theme
    if (this.run !== this.data.run) this.change(this.data.run)
    else if (changed) this.redraw()
  }

  build() {
    const { texts, charts, addresses } = this.data
    this.images = new Images()
    this.questions = new Questions()
    this.status = new Status()
    this.scrubber = new Scrubber((index) => this.moveTo(index), () => this.layers.every((layer) => layer.isDrawn))
    this.options = new Options((name) => this.optionChanged(name))
    this.nothing = el("p", { class: "labf-nothing", hidden: true, "data-testid": "labf-nothing" })
    this.layerRow = el("div", { class: "labf-layers" })
    this.life = new UnitLife(texts, {
      pick: (depth, unit) => this.pick(depth, unit),
      close: () => this.unpick(),
      goTo: (step) => this.scrubber.byHand(this.timeline.indexOfStep(step)),
      ask: (body, done) => this.questions.ask("life", `${this.data.addresses.features}/ask/life`, body, done),
    })
    this.curves = new Curves(charts, addresses.csv, (epoch) => this.scrubber.byHand(this.timeline.indexOfEpoch(epoch)))
    this.histograms = new Histograms(texts.histograms)
    this.article = new Article(texts.article)
    this.numbers = el("div", { class: "labf-numbers" }, this.curves.node, el("div", { class: "labf-side" }, this.histograms.node, this.article.node))
    this.bar = el("div", { class: "labf-bar" }, this.scrubber.node, this.options.node)
    this.content = el("div", { class: "labf-content", hidden: true }, this.bar, this.layerRow, this.life.node, this.numbers)
    this.node = el("div", { class: "lab-live lab-features", "data-testid": "lab-features" }, this.status.node, this.nothing, this.content)
    const host = this.parent.querySelector(".lab-features-host") ?? this.parent
    host.replaceChildren(this.node)
    this.resized.observe(host)
    this.resized.observe(this.curves.node)
    const firstPicture = new Promise((resolve) => { this.pictured = resolve })
    loadPlotly(addresses.plotly, firstPicture).then((library) => {
      this.plotly = library
      this.drawCurves()
    }, () => this.status.setTrouble("offline"))
  }

  /** Another run: nothing of the old one may stay. */
  change(run) {
    const before = this.run
    this.feed?.close()
    this.scrubber.stop()
    this.questions.clear()
    this.run = run
    this.node.dataset.run = run
    this.series = new Series()
    this.timeline = null
    this.news = null
    this.frames = new Frames(this.data.addresses.features, () => this.redraw())
    this.orderFrames = new Map()
    const asked = address.read()
    this.link = before === null && (asked.run === null || asked.run === run) ? asked : {}
    this.selected = null
    this.step = null
    this.touched = before === null ? false : this.touched
    this.life.clear()
    this.histograms.clear()
    this.article.clear()
    this.status.clear(this.run)
    this.curves.clear()
    const { csv, features } = this.data.addresses
    for (const chart of this.curves.charts) chart.setCsv(MEASURED.includes(chart.spec.key) ? `${features}/measures.csv` : csv)
    for (const layer of this.layers ?? []) layer.close()
    this.layers = this.data.panels.map((panel, index) => new Layer(index + 1, panel, this.data.texts.layer, this.hostOfLayer()))
    this.layerRow.replaceChildren(...this.layers.map((layer) => layer.node))
    this.node.dataset.layers = String(Math.min(3, this.layers.length))
    this.arrange()
    show(this.content, false)
    show(this.nothing, false)
    this.scrubber.follow = this.link.epoch === null || this.link.epoch === undefined
    this.feed = new Feed(this.data.addresses.live, (news) => this.take(news), (kind) => this.trouble(kind))
    this.listing?.close()
    this.listing = new Listing(features, {
      onList: (list) => this.listed(list),
      onMeasures: (points) => this.series.add(points, []) && this.drawCurves(),
      onTrouble: (sentence) => this.explain(sentence),
    })
    this.listing.refresh()
  }

  hostOfLayer() {
    return {
      pick: (depth, unit) => this.pick(depth, unit),
      drawn: (depth) => {
        this.pictured()
        if (this.selected?.depth === depth) this.life.drawPortrait()
      },
      choose: () => {
        this.touched = true
        this.redraw()
      },
      project: (depth, projection, checkpoint, done) => this.project(depth, projection, checkpoint, done),
    }
  }

  // -- what arrives -------------------------------------------------------------------------------------------------------

  take(news) {
    const first = this.news === null
    this.news = news
    const changed = this.series.add(news.points, news.marks)
    this.status.update(news.status, news.waiting, news.marks, first)
    if (changed || first) this.drawCurves()
    if (this.timeline?.length === 0) this.sayEmpty()
    this.listing.refresh()
  }

  trouble(kind) {
    this.status.setTrouble(kind)
    if (kind === "gone") {
      this.scrubber.stop()
      this.component.setTriggerValue("changed", "gone")
    }
  }

  listed(list) {
    this.milestones = list.article
    this.timeline = new Timeline(list)
    const empty = this.timeline.length === 0
    show(this.nothing, empty)
    show(this.content, !empty)
    if (empty) return this.sayEmpty()
    if (this.step === null) this.begin()
    const index = this.scrubber.follow ? this.timeline.last : this.timeline.indexOfStep(this.step)
    if (this.scrubber.follow) this.step = this.timeline.step(index)
    this.index = index
    this.fit()
    this.redraw()
  }

  /** Without a film yet, the page says why; else the feed's own words are enough. */
  explain(sentence) {
    if (this.timeline) return
    show(this.nothing, true)
    say(this.nothing, sentence)
  }

  sayEmpty() {
    say(this.nothing, this.alive ? "The first pictures come with the first updates." : "This run has kept no pictures, so there is nothing to scrub through. Choose another run, or resume this one on the Train page.")
  }

  /** Where the link says, else at the newest moment. */
  begin() {
    const { epoch, layer, unit } = this.link
    const index = typeof epoch === "number" ? this.timeline.indexOfEpoch(epoch) : this.timeline.last
    this.step = this.timeline.step(index)
    const found = this.timeline.layers[(layer ?? 0) - 1]
    if (found?.depth && typeof unit === "number" && unit < found.units) this.selected = { depth: layer, unit }
  }

  get alive() {
    return this.news?.status.alive ?? true
  }

  // -- what a person does -----------------------------------------------------------------------------------------------

  moveTo(index) {
    if (!this.timeline) return
    this.touched = true
    this.index = index
    this.step = this.timeline.step(index)
    this.redraw()
  }

  pick(depth, unit) {
    this.touched = true
    this.selected = { depth, unit }
    this.redraw()
    this.life.node.scrollIntoView({ block: "nearest", behavior: "auto" })
  }

  unpick() {
    const { depth } = this.selected
    this.selected = null
    this.redraw()
    this.layers[depth - 1].grid.querySelector("[tabindex='0']")?.focus()
  }

  optionChanged(name) {
    if (name === "order") this.orderFrames.clear()
    this.redraw()
  }

  project(depth, projection, checkpoint, done) {
    const body = { checkpoint, layer: depth, projection }
    const { run } = this
    this.questions.ask(`layer ${depth}`, `${this.data.addresses.features}/ask/projection`, body, (answer, problem) => {
      if (this.run !== run) return
      if (answer) this.listing.refresh()
      done(problem)
    })
  }

  // -- drawing ----------------------------------------------------------------------------------------------------------

  /** Everything at the scrubber's moment. */
  redraw() {
    if (!this.timeline?.length || !this.theme) return
    const scene = this.scene()
    for (const layer of this.layers) layer.update(scene)
    this.life.update(scene)
    const frame = this.timeline.frame(scene.step)
    this.histograms.update(frame, frame && this.frames.get(frame.id))
    this.curves.mark(scene.epoch)
    if (this.milestones) this.article.update(scene, this.milestones)
    this.scrubber.update(this.timeline.length, this.index, this.alive, this.words(scene), this.stageTicks())
    clearTimeout(this.ahead)
    this.ahead = setTimeout(() => this.prefetch(scene), 30)
    address.write({
      epoch: this.scrubber.follow || (this.index === this.timeline.last && !this.alive) ? null : Number(scene.epoch.toFixed(4)),
      layer: this.selected?.depth,
      unit: this.selected?.unit,
    })
  }

  scene() {
    return {
      timeline: this.timeline,
      step: this.step,
      epoch: this.timeline.epoch(this.index),
      stage: this.timeline.stage(this.index),
      options: this.options.values,
      theme: this.theme,
      palette: this.data.palette[this.theme],
      address: this.data.addresses.features,
      images: this.images,
      frames: this.frames,
      selected: this.selected,
      side: this.side ?? 400,
      alive: this.alive,
      orderFrame: (layer) => this.orderFrame(layer),
      tileOf: (depth, unit) => this.layers[depth - 1].tileOf(unit),
      touched: () => this.touched,
      following: () => this.scrubber.follow && this.alive,
      playing: () => this.scrubber.playing,
    }
  }

  /** The frame whose figures order a layer's tiles: its newest one when the order was chosen, or while following. */
  orderFrame(layer) {
    const newest = layer.frames.id.at(-1)
    const kept = this.orderFrames.get(layer.stage)
    if (kept && !this.scrubber.follow && layer.frames.id.includes(kept)) return kept
    this.orderFrames.set(layer.stage, newest)
    return newest
  }

  words(scene) {
    const several = this.timeline.positions.stage.some((stage) => stage !== this.timeline.stage(0)) || this.layers.length > 1
    const stage = several ? ` · ${this.timeline.stage(this.index)}` : ""
    return `epoch ${scene.epoch.toFixed(2)} of ${this.data.epochs} · update ${scene.step.toLocaleString("en")}${stage}`
  }

  /** Where a new stage begins, as thin lines in the scrubber's track. */
  stageTicks() {
    const stages = this.timeline.positions.stage
    const begins = stages.flatMap((stage, at) => (at && stage !== stages[at - 1] ? [at / (stages.length - 1)] : []))
    const line = (share) => `linear-gradient(var(--lab-muted), var(--lab-muted)) calc(8px + ${share} * (100% - 16px)) 50% / 1px 16px no-repeat`
    return begins.map(line).join(", ") || "none"
  }

  /** Neighbours first, so that a step needs nobody's answer. */
  prefetch(scene) {
    const urls = []
    const frames = new Set()
    for (let distance = 1; distance <= AHEAD; distance += 1) {
      for (const index of [this.index + distance, this.index - distance]) {
        if (index < 0 || index > this.timeline.last) continue
        const step = this.timeline.step(index)
        for (const layer of this.layers) {
          const { url } = layer.wanted(scene, step)
          if (url) urls.push(url)
        }
        const frame = this.timeline.frame(step)
        if (frame) frames.add(frame.id)
      }
    }
    this.images.prefetch([...new Set(urls)])
    this.frames.prefetch([...frames])
  }

  drawCurves() {
    if (!this.plotly || !this.series || this.content.hidden) return
    const status = this.news?.status
    const planned = [...MEASURED, ...this.data.stages.flatMap((stage) => stage.charts)]
    this.curves.select(this.curves.charts.filter((chart) => planned.includes(chart.spec.key)))
    this.curves.draw({
      plotly: this.plotly,
      run: this.run,
      series: this.series,
      stages: this.data.stages,
      epoch: Math.max(status?.epoch ?? 0, this.series.epoch),
      epochs: status?.epochs ?? 0,
      theme: this.theme,
      layers: this.data.palette[this.theme].layers,
      colours: this.colours(),
    })
  }

  colours() {
    const names = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", band: "--lab-band", surface: "--st-background-color" }
    return { ...resolved(this.node, names), font: getComputedStyle(this.node).fontFamily }
  }

  /** One layer stands beside the curves where there is room; several stand side by side above them. */
  arrange() {
    const beside = this.layers.length === 1 && this.node.clientWidth >= WIDE
    this.node.classList.toggle("labf-beside", beside)
  }

  fit() {
    const width = this.node?.clientWidth
    if (!width || !this.layers) return
    this.arrange()
    const side = this.layers[0].frame.clientWidth
    const { clientWidth, clientHeight } = this.curves.node
    const key = `${width} ${side} ${clientWidth} ${clientHeight}`
    if (key === this.fitted) return
    this.fitted = key
    if (side !== this.side) {
      this.side = side
      this.redraw()
    }
    this.drawCurves()
  }

  close() {
    this.closed = true
    clearTimeout(this.ahead)
    address.cancel()
    this.feed?.close()
    this.listing?.close()
    this.scrubber?.close()
    for (const layer of this.layers ?? []) layer.close()
    this.resized.disconnect()
    this.curves?.close()
    this.node?.remove()
  }
}
