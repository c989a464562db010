// The Diagnose view of one run: one slider over its frames, and cards that each answer a question. Streamlit calls
// `mount` again whenever the script or the theme changes; what is on the screen stays and only what differs is drawn.

import { CurveCard } from "./curve_card.js"
import { choice, el, resolved, say, show, themeOf } from "./dom.js"
import { Feed } from "./feed.js"
import { HistogramCard, SelectivityCard } from "./frame_cards.js"
import { HiddenCard } from "./hidden_card.js"
import { LikelihoodCard } from "./likelihood_card.js"
import { Moments } from "./moments.js"
import { keepView, loadPlotly, tellPython } from "./mounting.js"
import { ProbeCard } from "./probe_card.js"
import { Series } from "./series.js"
import { Slider } from "./slider.js"
import { CovarianceCard, SingularCard } from "./spectra.js"
import { Status } from "./status.js"

const KINDS = {
  curve: CurveCard,
  hidden: HiddenCard,
  histograms: HistogramCard,
  singular: SingularCard,
  covariance: CovarianceCard,
  selectivity: SelectivityCard,
  probe: ProbeCard,
  likelihood: LikelihoodCard,
}

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View {
  constructor(parent) {
    this.parent = parent
    this.node = null
    this.run = null
    this.more = false
    this.resized = new ResizeObserver(() => this.draw())
  }

  update(component) {
    this.component = component
    this.data = component.data
    if (!this.node) this.build()
    this.theme = themeOf(this.node)
    if (this.run !== this.data.run) this.change(this.data.run)
    this.draw()
  }

  build() {
    this.status = new Status()
    this.slider = new Slider(() => this.draw())
    this.layers = el("span", { class: "labd-layers", hidden: true })
    this.slider.node.prepend(this.layers)
    this.cards = this.data.cards.map((spec) => new KINDS[spec.kind](spec, this))
    const grid = (more) => el("div", { class: "labd-grid" }, ...this.cards.filter((card) => card.spec.more === more).map((card) => card.node))
    this.rest = grid(true)
    this.rest.hidden = true
    this.opener = el("button", { type: "button", class: "labd-button labd-more", "aria-expanded": "false", onclick: () => this.open() }, "")
    this.node = el("div", { class: "lab-live labd", "data-testid": "lab-diagnose" }, this.status.node, this.slider.node, grid(false), this.opener, this.rest)
    const host = this.parent.querySelector(".lab-diagnose-host") ?? this.parent
    host.replaceChildren(this.node)
    this.resized.observe(host)
    this.open(false)
    loadPlotly(this.data.addresses.plotly).then((library) => {
      this.plotly = library
      this.draw()
    }, () => this.status.setTrouble("offline"))
  }

  open(more = !this.more) {
    this.more = more
    for (const card of this.cards) show(card.node, card.appliesTo(this.data.method))
    const count = this.cards.filter((card) => card.spec.more && !card.node.hidden).length
    say(this.opener, more ? "Fewer" : `${count} more`)
    this.opener.setAttribute("aria-expanded", String(more))
    show(this.rest, more)
    this.draw()
  }

  /** Another run: nothing of the old one may stay. */
  change(run) {
    this.feed?.close()
    this.run = run
    this.node.dataset.run = run
    this.series = new Series()
    this.moments = new Moments(this.data.addresses.diagnose, () => this.draw(), this.data.together)
    this.offerLayers()
    this.latest = null
    this.reported = this.data.seen
    this.status.clear(this.run)
    this.slider.clear()
    for (const card of this.cards) card.clear()
    this.open(this.more)
    this.feed = new Feed(this.data.addresses.news, (news) => this.take(news), (kind) => this.trouble(kind))
  }

  /** Layers that learn together have a frame each at every moment: one is looked at at a time. */
  offerLayers() {
    const layers = this.data.together ? this.data.stages.filter(({ key }) => /^layer\d+$/.test(key)) : []
    this.layer = layers[0]?.key ?? null
    show(this.layers, layers.length > 0)
    const names = Object.fromEntries(layers.map(({ key, label }) => [key, label]))
    this.layers.replaceChildren(...(layers.length ? [choice("Layer looked at", names, this.layer, (key) => {
      this.layer = key
      this.draw()
    })] : []))
  }

  take(news) {
    const first = this.latest === null
    this.latest = news
    this.series.add(news.points, news.marks)
    this.moments.add(news.frames)
    this.status.update(news.status, news.waiting, news.marks, first)
    this.draw()
    this.report(news.status.state)
  }

  trouble(kind) {
    this.status.setTrouble(kind)
    if (kind === "gone") tellPython(this.component, "gone")
  }

  /** Tell Python when what it shows about the run has to change. */
  report(state) {
    if (state === this.reported) return
    this.reported = state
    if (state !== this.data.seen) tellPython(this.component, state)
  }

  draw() {
    if (!this.plotly || !this.series || !this.latest) return
    const label = (stage) => this.data.stages.find((item) => item.key === stage)?.label ?? stage
    const list = this.moments.of(this.layer)
    this.slider.update(list, this.latest.status.alive, label)
    const frame = list[this.slider.index] ?? null
    const { status } = this.latest
    const scene = {
      plotly: this.plotly,
      run: this.run,
      series: this.series,
      moments: this.moments,
      addresses: this.data.addresses,
      stages: this.data.stages,
      method: this.data.method,
      checkpoint: this.latest.checkpoint,
      index: this.moments.list.indexOf(frame),
      frame: frame?.id ?? 0,
      stage: frame?.stage ?? "",
      epoch: frame && !(this.slider.follow && status.alive) ? frame.epoch : null,
      reached: Math.max(status.epoch, this.series.epoch),
      epochs: status.epochs,
      theme: this.theme,
      size: `${this.node.clientWidth} ${this.more}`,
      layers: this.data.palette[this.theme].layers,
      colours: this.colours(),
    }
    for (const card of this.cards) if (!card.node.hidden && (this.more || !card.spec.more)) card.update(scene)
  }

  colours() {
    const key = `${this.theme}`
    if (this.coloured?.key !== key) {
      const names = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", band: "--lab-band", ghost: "--labd-ghost", surface: "--st-background-color" }
      this.coloured = { key, ...resolved(this.node, names), font: getComputedStyle(this.node).fontFamily }
    }
    return this.coloured
  }

  close() {
    this.feed?.close()
    this.resized.disconnect()
    for (const card of this.cards ?? []) card.close()
    this.node?.remove()
  }
}
