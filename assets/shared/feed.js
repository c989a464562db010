// Keeps a view up to date with one run. A question brings what there is; then a line stays open, on which the server
// says what is new. Where no line can be had the question is repeated about twice a second. A hidden page closes its
// line and asks every five seconds. The cursors live here, and there is either a question on its way or a line open,
// never both: so no point is ever lost or drawn twice, whatever happens to the page around it.

/** @import { Live } from "./messages.js" */
/** @import { Trouble } from "./status.js" */

import { Line } from "./line.js"

const OFTEN = 500 // ms between questions where there is no line
const HIDDEN = 5000
const SLOWEST = 8000
const CALM = 500 // ms between two answers on a line, unless a view wants them sooner
const RETRY = { first: 2000, most: 60_000 } // ms until a line is tried again that did not open

/** @template {Pick<Live, "revision" | "cursor" | "status">} News its answers */
export class Feed {
  /**
   * `onNews(answer)` gets every answer that holds something new; `onTrouble(kind)` "", "offline" or "gone". The first
   * news after a pause comes at once, the next one not before `pace` ms.
   * @param {string} address
   * @param {(answer: News) => void} onNews
   * @param {(kind: Trouble) => void} onTrouble
   * @param {number} pace
   */
  constructor(address, onNews, onTrouble, pace = CALM) {
    this.address = address
    this.onNews = onNews
    this.onTrouble = onTrouble
    this.pace = pace
    /** @type {Partial<Live["cursor"]>} */
    this.cursor = {}
    this.revision = ""
    this.alive = true
    this.failures = 0
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = 0
    /** @type {AbortController | null} */
    this.asking = null
    /** @type {Line<News> | null} */
    this.line = null
    this.retry = { at: 0, pause: RETRY.first }
    this.closed = false
    this.onVisible = () => this.looked()
    document.addEventListener("visibilitychange", this.onVisible)
    this.ask()
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    this.asking?.abort()
    this.hangUp()
    document.removeEventListener("visibilitychange", this.onVisible)
  }

  /** Ask now, unless a question is on its way or a line open, which will tell by itself. */
  async ask() {
    if (this.closed || this.asking || this.line) return
    clearTimeout(this.timer)
    this.asking = new AbortController()
    const { trouble, news } = await this.question(this.asking.signal)
    this.asking = null
    if (this.closed) return
    this.failures = trouble === "offline" ? this.failures + 1 : 0
    this.onTrouble(trouble)
    if (news) this.take(news)
    if (trouble !== "gone") this.goOn()
  }

  /**
   * What came of it: `trouble` is "", "offline" or "gone"; `news` an answer, or null when there is nothing new.
   * @param {AbortSignal} signal
   * @returns {Promise<{ trouble: Trouble, news: News | null }>}
   */
  async question(signal) {
    try {
      const answer = await fetch(this.withCursor(), { signal, cache: "no-store" })
      if (answer.status === 404) return { trouble: "gone", news: null }
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      return { trouble: "", news: answer.status === 204 ? null : await answer.json() }
    } catch {
      return { trouble: "offline", news: null }
    }
  }

  withCursor() {
    const have = Object.entries({ ...this.cursor, revision: this.revision })
    return `${this.address}?${new URLSearchParams(have.map(([name, value]) => [name, String(value)]))}`
  }

  /** @param {News} news */
  take(news) {
    if (news.revision === this.revision) return
    this.revision = news.revision
    this.cursor = news.cursor
    this.alive = news.status.alive
    this.onNews(news)
  }

  /** After a question: listen where that is possible, else ask again. */
  goOn() {
    if (document.hidden) return this.plan(HIDDEN)
    if (this.failures) return this.plan(Math.min(SLOWEST, OFTEN * 2 ** this.failures))
    if (performance.now() < this.retry.at) return this.plan(OFTEN)
    this.line = new Line(
      this.withCursor(),
      (news) => this.hear(news),
      (wasOpen) => this.lost(wasOpen),
    )
  }

  /** @param {number} pause */
  plan(pause) {
    clearTimeout(this.timer)
    if (this.alive || this.failures) this.timer = setTimeout(() => this.ask(), pause)
  }

  /** @param {News} news */
  hear(news) {
    const { line } = this
    this.take(news)
    setTimeout(() => line?.answer(), this.pace)
  }

  /**
   * The line broke, or there never was one. The next question tells why.
   * @param {boolean} wasOpen
   */
  lost(wasOpen) {
    this.line = null
    const pause = wasOpen ? RETRY.first : this.retry.pause
    this.retry = wasOpen ? { at: 0, pause } : { at: performance.now() + pause, pause: Math.min(RETRY.most, 2 * pause) }
    this.timer = setTimeout(() => this.ask(), OFTEN)
  }

  hangUp() {
    this.line?.close()
    this.line = null
  }

  looked() {
    if (document.hidden) {
      this.hangUp()
      if (!this.asking) this.plan(HIDDEN)
    } else this.ask()
  }
}
