// The Diagnose view of one run: one slider over its frames, and cards that each answer a question. Streamlit calls
// `mount` again whenever the script or the theme changes; what is on the screen stays and only what differs is drawn.

/** @import { DiagnoseData, DiagnoseNews } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */
/** @import { Scene } from "./scene.js" */

import { choice, el, say, show } from "../shared/dom.js"
import { keepView, tellPython } from "../shared/mounting.js"
import { ProbeCard } from "../shared/probe_card.js"
import { RunView } from "../shared/run_view.js"
import { CurveCard } from "./curve_card.js"
import { HistogramCard, SelectivityCard } from "./frame_cards.js"
import { HiddenCard } from "./hidden_card.js"
import { LikelihoodCard } from "./likelihood_card.js"
import { Moments } from "./moments.js"
import { Slider } from "./slider.js"
import { CovarianceCard, SingularCard } from "./spectra.js"
import { WORDS } from "./words.js"

const LAYER = /^layer\d+$/
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

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<DiagnoseData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new DiagnoseView(first))
}

/** @extends {RunView<DiagnoseData, DiagnoseNews>} */
class DiagnoseView extends RunView {
  /** @param {Component<DiagnoseData>} component */
  constructor(component) {
    super(component, "diagnose", { class: "lab-live labd", "data-testid": "lab-diagnose" })
    this.reported = ""
    this.more = false
    this.layer = "" // the one looked at, where several learn together
    this.moments = this.noMoments()
    this.slider = new Slider(() => this.draw())
    this.layers = el("span", { class: "labd-layers", hidden: true })
    this.slider.node.prepend(this.layers)
    this.cards = this.data.cards.map((spec) => new KINDS[spec.kind](spec, this))
    const grid = (/** @type {boolean} */ more) =>
      el(
        "div",
        { class: "labd-grid" },
        ...this.cards.filter((card) => card.spec.more === more).map((card) => card.node),
      )
    this.rest = grid(true)
    this.rest.hidden = true
    this.opener = el(
      "button",
      { type: "button", class: "labd-button labd-more", "aria-expanded": "false", onclick: () => this.open() },
      "",
    )
    this.node.append(this.status.node, this.slider.node, grid(false), this.opener, this.rest)
    this.resized.observe(this.host)
    this.open(false)
    this.bringCurves(() => this.draw())
  }

  /** @param {Component<DiagnoseData>} component */
  update(component) {
    super.update(component)
    if (this.run !== this.data.run) this.change()
    this.draw()
  }

  onResize() {
    this.draw()
  }

  noMoments() {
    return new Moments(this.data.addresses.diagnose, () => this.draw(), this.data.together)
  }

  open(more = !this.more) {
    this.more = more
    for (const card of this.cards) show(card.node, card.appliesTo(this.data.method))
    const count = this.cards.filter((card) => card.spec.more && !card.node.hidden).length
    say(this.opener, more ? WORDS.fewer : WORDS.more(count))
    this.opener.setAttribute("aria-expanded", String(more))
    show(this.rest, more)
    this.draw()
  }

  /** Another run: nothing of the old one may stay. */
  change() {
    this.follow(this.data.run, this.data.addresses.news)
    this.moments = this.noMoments()
    this.offerLayers()
    this.reported = this.data.seen
    this.slider.clear()
    for (const card of this.cards) card.clear()
    this.open(this.more)
  }

  /** Layers that learn together have a frame each at every moment: one is looked at at a time. */
  offerLayers() {
    const layers = this.data.together ? this.data.stages.filter(({ key }) => LAYER.test(key)) : []
    this.layer = layers[0]?.key ?? ""
    show(this.layers, layers.length > 0)
    const names = Object.fromEntries(layers.map(({ key, label }) => [key, label]))
    this.layers.replaceChildren(
      ...(layers.length
        ? [
            choice(WORDS.layer, names, this.layer, (key) => {
              this.layer = key
              this.draw()
            }),
          ]
        : []),
    )
  }

  /** @param {DiagnoseNews} news */
  take(news) {
    this.moments.add(news.frames)
    this.draw()
    this.report(news.status.state)
  }

  /**
   * Tell Python when what it shows about the run has to change.
   * @param {string} state
   */
  report(state) {
    if (state === this.reported) return
    this.reported = state
    if (state !== this.data.seen) tellPython(this.component, state)
  }

  draw() {
    if (!this.plotly || !this.latest) return
    const label = (/** @type {string} */ stage) => this.data.stages.find((item) => item.key === stage)?.label ?? stage
    const list = this.moments.of(this.layer)
    this.slider.update(list, this.latest.status.alive, label)
    const frame = list[this.slider.index] ?? null
    const { status } = this.latest
    /** @type {Scene} */
    const scene = {
      ...this.chartScene(this.plotly),
      moments: this.moments,
      addresses: this.data.addresses,
      method: this.data.method,
      checkpoint: this.latest.checkpoint,
      index: frame ? this.moments.list.indexOf(frame) : -1,
      frame: frame?.id ?? 0,
      stage: frame?.stage ?? "",
      epoch: frame && !(this.slider.follow && status.alive) ? frame.epoch : null,
      alive: status.alive,
      reached: Math.max(status.epoch, this.series.epoch),
      size: `${this.node.clientWidth} ${window.innerHeight} ${this.more}`,
    }
    for (const card of this.cards) if (!card.node.hidden && (this.more || !card.spec.more)) card.update(scene)
  }

  close() {
    for (const card of this.cards) card.close()
    super.close()
  }
}
