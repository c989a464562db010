// The live view of one run: status line, filters, curves, reconstructions. Streamlit calls `mount` again whenever the
// script or the theme changes; everything on the screen is kept and only what differs is drawn anew.

import { Charts } from "./charts.js"
import { ChartChoice } from "./chart_choice.js"
import { el, resolved, themeOf } from "./dom.js"
import { Feed } from "./feed.js"
import { keepView, loadPlotly, tellPython } from "./mounting.js"
import { Mosaic, Strip } from "./pictures.js"
import { Series } from "./series.js"
import { Status } from "./status.js"

const WIDE = 780 // px from which filters and curves stand side by side
const STAGE = { least: 400, most: 920 } // px of the filters and curves
const GAP = 12 // px between panels, as in live.css
const FOOT = 17 // px left free below: the padding in page.css, and one for rounding
const PACE = 100 // ms between two ticks: pictures follow the training closely
const CURVES = 400 // ms between two drawings of the curves, which cost a browser more
const PATIENCE = 150 // ms for which the curves let a new picture go first

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View {
  constructor(parent) {
    this.parent = parent
    this.node = null
    this.run = null
    this.feed = null
    this.reported = null
    this.plotly = null
    this.pictured = null
    this.firstPicture = new Promise((resolve) => { this.pictured = resolve })
    this.drawnAt = 0 // ms: the curves
    this.soon = null // they will be drawn
    this.resized = new ResizeObserver(() => this.fit())
    this.onWindow = () => this.fit()
    window.addEventListener("resize", this.onWindow)
  }

  update(component) {
    this.component = component
    this.data = component.data
    if (!this.node) this.build()
    this.theme = themeOf(this.node)
    this.node.dataset.theme = this.theme
    if (this.run !== this.data.run) this.change(this.data.run)
    else if (this.poke !== this.data.poke) this.feed.ask()
    this.poke = this.data.poke
    this.report()
    this.fit()
  }

  build() {
    const { charts, addresses, texts } = this.data
    this.status = new Status()
    this.mosaic = new Mosaic(texts.mosaic, () => this.drawPictures())
    this.charts = new Charts(charts, addresses.csv)
    this.choice = new ChartChoice(this.charts, () => this.drawCharts())
    this.strip = new Strip(texts.strip)
    this.stage = el("div", { class: "lab-stage" }, this.mosaic.node, this.charts.node)
    this.node = el("div", { class: "lab-live", "data-testid": "lab-live" }, this.status.node, this.stage, this.strip.node)
    const host = this.parent.querySelector(".lab-live-host") ?? this.parent
    host.replaceChildren(this.node)
    // Space on a button in here presses that button; it must not pause the run as well.
    this.node.addEventListener("keydown", (event) => {
      if (event.key === " " && event.target.closest("button, a")) event.stopPropagation()
    })
    this.resized.observe(host)
  }

  /** Another run: nothing of the old one may stay. */
  change(run) {
    this.feed?.close()
    this.run = run
    this.node.dataset.run = run
    this.series = new Series()
    this.latest = null
    this.reported = null
    this.status.clear(this.run)
    this.mosaic.clear()
    this.strip.clear()
    this.charts.clear()
    this.choice.clear()
    for (const chart of this.charts.charts) chart.setCsv(this.data.addresses.csv)
    if (this.plotly) this.drawCharts()
    else this.loadCharts()
    this.feed = new Feed(this.data.addresses.live, (news) => this.take(news), (kind) => this.trouble(kind), PACE)
  }

  take(news) {
    const first = this.latest === null
    this.latest = news
    const changed = this.series.add(news.points, news.marks, news.ghosts)
    this.status.update(news.status, news.waiting, news.marks, first)
    const shown = this.drawPictures()
    if (first) this.pictured(shown)
    if (changed || first || !news.status.alive) this.drawChartsAfter(shown)
    this.fit()
    this.report()
  }

  trouble(kind) {
    this.status.setTrouble(kind)
    if (kind === "gone") tellPython(this.component, "gone")
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
    const shared = { theme: this.theme, stops: palette[this.theme].stops, stripHeight: this.stripHeight }
    this.mosaic.offer(this.latest.layers)
    return Promise.all([
      this.mosaic.update(this.mosaic.chosen(this.latest), { ...shared, address: addresses.filters }),
      this.strip.update(this.latest.strip, { ...shared, address: addresses.strip }),
    ])
  }

  async loadCharts() {
    const library = await loadPlotly(this.data.addresses.plotly, this.firstPicture).catch(() => this.status.setTrouble("offline"))
    this.plotly = library ?? null
    this.drawCharts()
  }

  /** A picture is what the eye waits for: the curves come after it, and not more often than they can be read. */
  drawChartsAfter(shown) {
    this.soon ??= Promise.race([shown, pause(PATIENCE)])
      .then(() => pause(this.drawnAt + CURVES - performance.now()))
      .then(() => this.drawCharts())
  }

  drawCharts() {
    this.soon = null
    this.drawnAt = performance.now()
    if (!this.plotly || !this.series) return
    const status = this.latest?.status
    this.choice.update(this.data.stages, status?.stages ?? [this.data.stages[0]?.key], this.series)
    this.charts.draw({
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
    const font = getComputedStyle(this.node).fontFamily
    return { ...resolved(this.node, names), font }
  }

  /** Everything that moves fits the window where it is wide enough; below that it stacks. */
  fit() {
    if (!this.node) return
    const width = this.node.clientWidth
    if (!width) return
    const wide = width >= WIDE
    this.node.classList.toggle("lab-is-wide", wide)
    this.stripHeight = wide ? 118 : 104
    const scroller = this.node.closest('[data-testid="stMain"]')
    const top = this.node.getBoundingClientRect().top + (scroller?.scrollTop ?? 0)
    const others = this.status.node.offsetHeight + this.strip.height(this.latest?.strip, this.stripHeight) + 2 * GAP + FOOT
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
    this.feed?.close()
    this.resized.disconnect()
    window.removeEventListener("resize", this.onWindow)
    this.charts?.close()
    this.node?.remove()
  }
}
