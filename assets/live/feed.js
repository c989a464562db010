// Asks the server what is new in one run, about twice a second while it trains. The cursors live here, so that no point
// is ever lost or sent twice, whatever happens to the page around it.

const OFTEN = 500
const HIDDEN = 5000
const SLOWEST = 8000

export class Feed {
  /** `onNews(answer)` gets every answer that holds something new; `onTrouble(kind)` "", "offline" or "gone". */
  constructor(address, onNews, onTrouble) {
    this.address = address
    this.onNews = onNews
    this.onTrouble = onTrouble
    this.cursor = { metric: 0, command: 0 }
    this.revision = ""
    this.alive = true
    this.failures = 0
    this.timer = 0
    this.asking = null
    this.closed = false
    this.onVisible = () => document.hidden || this.ask()
    document.addEventListener("visibilitychange", this.onVisible)
    this.ask()
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    this.asking?.abort()
    document.removeEventListener("visibilitychange", this.onVisible)
  }

  /** Ask now, unless a question is on its way. */
  async ask() {
    if (this.closed || this.asking) return
    clearTimeout(this.timer)
    this.asking = new AbortController()
    const outcome = await this.question(this.asking.signal)
    this.asking = null
    if (this.closed) return
    if (outcome !== "gone") this.plan()
  }

  async question(signal) {
    try {
      const query = new URLSearchParams({ ...this.cursor, revision: this.revision })
      const answer = await fetch(`${this.address}?${query}`, { signal, cache: "no-store" })
      if (answer.status === 404) return this.trouble("gone")
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      const news = await answer.json()
      if (this.closed) return "closed"
      this.failures = 0
      this.onTrouble("")
      this.take(news)
      return "ok"
    } catch (error) {
      if (error.name === "AbortError") return "closed"
      this.failures += 1
      return this.trouble("offline")
    }
  }

  take(news) {
    if (news.revision === this.revision) return
    this.revision = news.revision
    this.cursor = news.cursor
    this.alive = news.status.alive
    this.onNews(news)
  }

  trouble(kind) {
    this.onTrouble(kind)
    return kind
  }

  plan() {
    const pause = this.failures ? Math.min(SLOWEST, OFTEN * 2 ** this.failures) : document.hidden ? HIDDEN : OFTEN
    if (this.alive || this.failures) this.timer = setTimeout(() => this.ask(), pause)
  }
}
