// What the views of one run share: its feed, its numbers as they arrive, its status line.

/** @import { Live } from "./messages.js" */
/** @import { ChartScene, Component, PlotlyLibrary, RunData } from "./scene.js" */
/** @import { Trouble } from "./status.js" */

import { Feed } from "./feed.js"
import { tellPython } from "./mounting.js"
import { Series } from "./series.js"
import { Status } from "./status.js"
import { View } from "./view.js"

/** @typedef {Pick<Live, "revision" | "cursor" | "status" | "points" | "marks" | "waiting">} RunNews */

/**
 * Its heirs call `follow` when the run is another one and draw what is new in `take`.
 * @template {RunData} Data
 * @template {RunNews} News
 * @extends {View<Data>}
 */
export class RunView extends View {
  /**
   * @param {Component<Data>} component
   * @param {string} name of the page
   * @param {Record<string, unknown>} attributes of the node
   */
  constructor(component, name, attributes) {
    super(component, name, attributes)
    this.run = "" // none yet
    /** @type {Feed<News> | null} */
    this.feed = null
    /** @type {News | null} */
    this.latest = null
    this.series = new Series()
    this.status = new Status()
  }

  /**
   * Have plotly.js come, read once `shown` is on the screen.
   * @param {() => void} onArrival
   * @param {Promise<unknown> | null} shown
   */
  bringCurves(onArrival, shown = null) {
    this.bringPlotly(this.data.addresses.plotly, onArrival, () => this.status.setTrouble("offline"), shown)
  }

  /**
   * Another run: nothing of the old one may stay.
   * @param {string} run
   * @param {string} address
   * @param {number} [pace] ms between two answers
   */
  follow(run, address, pace) {
    this.feed?.close()
    this.run = run
    this.node.dataset.run = run
    this.series = new Series()
    this.latest = null
    this.status.clear(run)
    this.feed = new Feed(
      address,
      (news) => this.hear(news),
      (kind) => this.trouble(kind),
      pace,
    )
  }

  /** @param {News} news */
  hear(news) {
    const isFirst = this.latest === null
    this.latest = news
    const hasChanged = this.keep(news)
    this.status.update(news.status, news.waiting, news.marks, isFirst)
    this.take(news, hasChanged || isFirst)
  }

  /**
   * True if a curve has to be drawn again.
   * @param {News} news
   */
  keep({ points, marks }) {
    return this.series.add(points, marks)
  }

  /**
   * @param {News} _news
   * @param {boolean} _isNew whether a curve has to be drawn again
   */
  take(_news, _isNew) {}

  /** @param {Trouble} kind */
  trouble(kind) {
    this.status.setTrouble(kind)
    if (kind === "gone") tellPython(this.component, "gone")
  }

  /**
   * What curves of this run are drawn with.
   * @param {PlotlyLibrary} plotly
   * @returns {ChartScene}
   */
  chartScene(plotly) {
    const { run, series, theme, colours } = this
    const { stages, palette } = this.data
    const status = this.latest?.status
    return {
      plotly,
      run,
      series,
      stages,
      epoch: Math.max(status?.epoch ?? 0, series.epoch),
      epochs: status?.epochs ?? 0,
      theme,
      layers: palette[theme].layers,
      colours,
    }
  }

  close() {
    this.feed?.close()
    super.close()
  }
}
