// An earlier run behind the others: its numbers only.

/** @import { CompareNews, CompareSide } from "../shared/messages.js" */

import { Feed } from "../shared/feed.js"
import { Series } from "../shared/series.js"

export class Ghost {
  /**
   * @param {CompareSide} data
   * @param {{ draw(): void }} view
   */
  constructor(data, view) {
    this.data = data
    this.series = new Series()
    /** @type {Feed<CompareNews>} */
    this.feed = new Feed(
      data.addresses.news,
      (news) => {
        this.series.add(news.points, news.marks)
        view.draw()
      },
      () => {},
    ) // one that cannot be had leaves nothing behind
  }

  close() {
    this.feed.close()
  }
}
