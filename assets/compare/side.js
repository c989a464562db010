// One run among others: its numbers, its name in the legend, and its filters.

/** @import { CompareNews, CompareSide, Filters, Help, Status } from "../shared/messages.js" */
/** @import { RunsLook } from "../shared/scene.js" */
/** @import { Trouble } from "../shared/status.js" */

import { el } from "../shared/dom.js"
import { Feed } from "../shared/feed.js"
import { Mosaic } from "../shared/mosaic.js"
import { Series } from "../shared/series.js"
import { Name } from "./name.js"
import { WORDS } from "./words.js"

const LARGEST = 400 // px of its filters

/** @typedef {{ data: { filters: Help }, draw(): void, changed(what: string): void }} View what all stand in */

export class Side {
  /**
   * @param {CompareSide} data
   * @param {View} view
   */
  constructor(data, view) {
    this.data = data
    this.view = view
    this.series = new Series()
    /** @type {Filters[]} */
    this.moments = []
    /** @type {Status | null} */
    this.status = null
    this.told = data.status
    this.offline = false
    this.entry = new Name(data.name, { "data-testid": "labc-run" })
    this.label = new Name(data.name)
    this.mosaic = new Mosaic({ ...view.data.filters, question: "" }, () => view.draw())
    this.tile = el("div", { class: "labc-tile", "data-testid": "labc-tile" }, this.label.node, this.mosaic.node)
    /** @type {Feed<CompareNews>} */
    this.feed = new Feed(
      data.addresses.news,
      (news) => this.take(news),
      (kind) => this.trouble(kind),
    )
  }

  get reached() {
    return Math.max(this.status?.epoch ?? 0, this.series.epoch, this.moments.at(-1)?.epoch ?? 0)
  }

  /** @param {CompareNews} news */
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

  /** @param {Trouble} kind */
  trouble(kind) {
    if (kind === "gone") this.view.changed("gone")
    this.offline = kind === "offline"
    this.view.draw()
  }

  /**
   * The newest picture at or before an epoch; the first one where the run has none so early.
   * @param {number} epoch
   */
  at(epoch) {
    return this.moments.findLast((moment) => moment.epoch <= epoch + 1e-6) ?? this.moments[0] ?? null
  }

  /**
   * @param {RunsLook<Side>} look
   * @param {string} colour
   * @param {number} epoch
   */
  draw({ theme, stops }, colour, epoch) {
    const { status } = this
    const state = status ? WORDS.state(status.headline, status.epoch) : ""
    const words = this.offline ? WORDS.offline : state
    const moment = this.at(epoch)
    this.entry.draw(colour, words)
    this.label.draw(colour, moment ? WORDS.shown(moment.epoch, moment.label, moment.responds) : "")
    this.tile.dataset.epoch = String(moment?.epoch ?? "")
    this.mosaic.fit(this.tile.clientWidth, LARGEST)
    this.mosaic.update(moment, { address: this.data.addresses.filters, theme, stops })
  }

  close() {
    this.feed.close()
  }
}
