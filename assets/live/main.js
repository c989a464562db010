// The live view of one run: status line, filters, curves, reconstructions. Streamlit calls `mount` again whenever the
// script or the theme changes; everything on the screen is kept and only what differs is drawn anew.

/** @import { Live, LiveData } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { Charts } from "../shared/charts.js"
import { el } from "../shared/dom.js"
import { Mosaic } from "../shared/mosaic.js"
import { keepView, pause, tellPython } from "../shared/mounting.js"
import { RunView } from "../shared/run_view.js"
import { Strip } from "../shared/strip.js"
import { ChartChoice } from "./chart_choice.js"

const WIDE = 780 // px from which filters and curves stand side by side
const STAGE = { least: 400, most: 920 } // px of the filters and curves
const STRIP = { wide: 118, narrow: 104 } // px of the reconstructions
const GAP = 12 // px between panels, as in live.css
const FOOT = 17 // px left free below: the padding in page.css, and one for rounding
const PACE = 100 // ms between two ticks: pictures follow the training closely
const CURVES = 400 // ms between two drawings of the curves, which cost a browser more
const PATIENCE = 150 // ms for which the curves let a new picture go first

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<LiveData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new LiveView(first))
}

/** @extends {RunView<LiveData, Live>} */
class LiveView extends RunView {
  /** @param {Component<LiveData>} component */
  constructor(component) {
    super(component, "live", { class: "lab-live", "data-testid": "lab-live" })
    const { charts, addresses, texts, poke } = this.data
    this.poke = poke
    /** @type {string | null} */
    this.reported = null // what Python was told last
    this.firstPicture = Promise.withResolvers()
    this.drawnAt = 0 // ms: the curves
    /** @type {Promise<void> | null} */
    this.soon = null // they will be drawn
    this.fitted = ""
    this.stripHeight = STRIP.narrow
    this.mosaic = new Mosaic(texts.mosaic, () => this.drawPictures())
    this.charts = new Charts(charts, addresses.csv)
    this.choice = new ChartChoice(this.charts, () => this.drawCharts())
    this.strip = new Strip(texts.strip)
    this.stage = el("div", { class: "lab-stage" }, this.mosaic.node, this.charts.node)
    this.node.append(this.status.node, this.stage, this.strip.node)
    // Space on a button in here presses that button; it must not pause the run as well.
    this.node.addEventListener("keydown", (event) => {
      const { target } = event
      if (event.key === " " && target instanceof Element && target.closest("button, a")) event.stopPropagation()
    })
    this.resized.observe(this.host)
    this.onWindow = () => this.fit()
    window.addEventListener("resize", this.onWindow)
  }

  /** @param {Component<LiveData>} component */
  update(component) {
    super.update(component)
    this.node.dataset.theme = this.theme
    if (this.run !== this.data.run) this.change()
    else if (this.poke !== this.data.poke) this.feed?.ask()
    this.poke = this.data.poke
    this.report()
    this.fit()
  }

  onResize() {
    this.fit()
  }

  /** Another run: nothing of the old one may stay. */
  change() {
    const { live, csv } = this.data.addresses
    this.follow(this.data.run, live, PACE)
    this.reported = null
    this.mosaic.clear()
    this.strip.clear()
    this.charts.clear()
    this.choice.clear()
    for (const chart of this.charts.charts) chart.setCsv(csv)
    if (this.plotly) this.drawCharts()
    else this.bringCurves(() => this.drawCharts(), this.firstPicture.promise)
  }

  /** @param {Live} news */
  keep({ points, marks, ghosts }) {
    return this.series.add(points, marks, ghosts)
  }

  /**
   * @param {Live} news
   * @param {boolean} isNew
   */
  take(news, isNew) {
    const shown = this.drawPictures()
    this.firstPicture.resolve(shown)
    if (isNew || !news.status.alive) this.drawChartsAfter(shown)
    this.fit()
    this.report()
  }

  /** Tell Python when buttons have to change: another state, or a command that has been obeyed. */
  report() {
    if (!this.latest) return
    const key = `${this.latest.status.state}/${this.latest.cursor.command}`
    if (key === this.data.seen) this.reported = null
    else if (key !== this.reported) {
      this.reported = key
      tellPython(this.component, key)
    }
  }

  /** Resolves when they are on the screen. */
  drawPictures() {
    if (!this.latest) return null
    const { addresses, palette } = this.data
    const shared = { theme: this.theme, stops: palette[this.theme].stops.signed, stripHeight: this.stripHeight }
    this.mosaic.offer(this.latest.layers)
    return Promise.all([
      this.mosaic.update(this.mosaic.chosen(this.latest), { ...shared, address: addresses.filters }),
      this.strip.update(this.latest.strip, { ...shared, address: addresses.strip }),
    ])
  }

  /**
   * A picture is what the eye waits for: the curves come after it, and not more often than they can be read.
   * @param {Promise<unknown> | null} shown
   */
  drawChartsAfter(shown) {
    this.soon ??= Promise.race([shown, pause(PATIENCE)])
      .then(() => pause(this.drawnAt + CURVES - performance.now()))
      .then(() => this.drawCharts())
  }

  drawCharts() {
    this.soon = null
    this.drawnAt = performance.now()
    if (!this.run || !this.latest) return
    this.choice.update(this.data.stages, this.latest.status.stages, this.series)
    if (!this.plotly) return
    this.charts.draw(this.chartScene(this.plotly))
  }

  /** Everything that moves fits the window where it is wide enough; below that it stacks. */
  fit() {
    const width = this.node.clientWidth
    if (!width) return
    const wide = width >= WIDE
    this.node.classList.toggle("lab-is-wide", wide)
    this.stripHeight = wide ? STRIP.wide : STRIP.narrow
    const scroller = this.node.closest('[data-testid="stMain"]')
    const top = this.node.getBoundingClientRect().top + (scroller?.scrollTop ?? 0)
    const others =
      this.status.node.offsetHeight + this.strip.height(this.latest?.strip, this.stripHeight) + 2 * GAP + FOOT
    const height = Math.max(STAGE.least, Math.min(STAGE.most, window.innerHeight - top - others))
    const side = wide ? Math.min(height - this.mosaic.chrome, width * 0.5) : Math.min(width - this.mosaic.border, 560)
    const key = `${wide} ${width} ${Math.round(height)} ${Math.round(side)} ${this.theme} ${this.stripHeight}`
    if (key === this.fitted) return
    this.fitted = key
    this.node.style.setProperty("--lab-side", `${Math.floor(side)}px`)
    this.node.style.setProperty("--lab-stage", wide ? `${Math.floor(height)}px` : "auto")
    this.drawPictures()
    this.drawCharts()
  }

  close() {
    window.removeEventListener("resize", this.onWindow)
    this.charts.close()
    super.close()
  }
}
