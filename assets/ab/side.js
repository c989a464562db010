// One of the two runs: what it is doing, its filters, and its numbers.

/** @import { Live, PairSide } from "../shared/messages.js" */
/** @import { RunsLook } from "../shared/scene.js" */
/** @import { Trouble } from "../shared/status.js" */

import { el, say } from "../shared/dom.js"
import { Feed } from "../shared/feed.js"
import { Mosaic } from "../shared/mosaic.js"
import { Series } from "../shared/series.js"
import { Status } from "../shared/status.js"
import { WORDS } from "./words.js"

const LARGEST = 430 // px of its filters

/** @typedef {{ draw(): void, changed(what: string): void }} View what both stand in */

export class Side {
  /**
   * @param {PairSide} data
   * @param {number} at 0 or 1
   * @param {View} view
   */
  constructor(data, at, view) {
    this.data = data
    /** @type {Live | null} */
    this.latest = null
    /** @type {Feed<Live> | null} */
    this.feed = null
    this.at = at
    this.view = view
    this.status = new Status()
    this.name = el("span", { class: "labd-letter" })
    this.mosaic = new Mosaic(WORDS.filters, () => view.draw())
    this.node = el(
      "div",
      { class: "labd-side", "data-testid": `labd-side-${at}` },
      el("div", { class: "labd-name" }, this.name, this.status.node),
      this.mosaic.node,
    )
    this.series = new Series()
  }

  get reached() {
    return Math.max(this.latest?.status.epoch ?? 0, this.series.epoch)
  }

  /** @param {PairSide} data */
  change(data) {
    this.feed?.close()
    this.data = data
    this.series = new Series()
    this.latest = null
    this.status.clear(data.run)
    this.mosaic.clear()
    say(this.name, data.label)
    this.feed = new Feed(
      data.addresses.side,
      (news) => this.take(news),
      (kind) => this.trouble(kind),
    )
  }

  /** @param {Live} news */
  take(news) {
    const first = this.latest === null
    this.latest = news
    this.series.add(news.points, news.marks)
    this.status.update(news.status, news.waiting, news.marks, first)
    this.view.draw()
  }

  /** @param {Trouble} kind */
  trouble(kind) {
    this.status.setTrouble(kind)
    if (kind === "gone") this.view.changed("gone")
  }

  close() {
    this.feed?.close()
  }

  /** @param {RunsLook<Side>} look */
  draw(look) {
    this.name.style.background = look.layers[this.at]
    if (!this.latest) return
    this.mosaic.fit(this.node.clientWidth, LARGEST)
    this.mosaic.offer(this.latest.layers)
    this.mosaic.update(this.mosaic.chosen(this.latest), {
      address: this.data.addresses.filters,
      theme: look.theme,
      stops: look.stops,
    })
  }
}
