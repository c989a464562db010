// Small answers: frames of diagnostics, which never change, and questions to a worker, one at a time.

/** Why something could not be had, in a sentence. */
async function problemOf(answer) {
  const text = await answer.text()
  try {
    return JSON.parse(text).problem ?? text
  } catch {
    return text || `The server answered ${answer.status}.`
  }
}

/** JSON from an address, or an Error whose message is a sentence. */
export async function json(url, options = {}) {
  const answer = await fetch(url, options)
  if (!answer.ok) throw Object.assign(new Error(await problemOf(answer)), { status: answer.status })
  return answer.json()
}

/** Frames by id, fetched once. */
export class Frames {
  constructor(address, onArrival) {
    this.address = address
    this.onArrival = onArrival
    this.known = new Map()
    this.coming = new Map() // id -> the promise of its arrival
    this.ahead = []
    this.walking = false
  }

  /** The frame if it is here; else null, and `onArrival` is called once it is. */
  get(id) {
    const found = this.known.get(id)
    if (found) return found
    this.fetch(id).then((is_new) => is_new && this.onArrival())
    return null
  }

  /** Fetch these one after the other in the background; replaces what was asked for before. */
  prefetch(ids) {
    this.ahead = ids.filter((id) => !this.known.has(id))
    if (!this.walking) this.walk()
  }

  async walk() {
    this.walking = true
    while (this.ahead.length) await this.fetch(this.ahead.shift())
    this.walking = false
  }

  /** Whether it has arrived by this; who asks while it is on its way waits for the same arrival. */
  async fetch(id) {
    if (this.known.has(id)) return false
    if (!this.coming.has(id)) this.coming.set(id, this.bring(id))
    return this.coming.get(id)
  }

  async bring(id) {
    try {
      this.known.set(id, await json(`${this.address}/frame/${id}.json`))
      return true
    } catch {
      return false // thinned out since, or offline: the next list of what there is says which
    } finally {
      this.coming.delete(id)
    }
  }
}

/** Questions to a worker. One is on its way at a time; of those waiting each owner's newest counts. */
export class Questions {
  constructor() {
    this.waiting = new Map()
    this.busy = false
  }

  /** `done(answer, problem)` is called with one of the two, or never if a newer question of `owner` replaced this. */
  ask(owner, url, body, done) {
    this.waiting.set(owner, { url, body, done })
    if (!this.busy) this.next()
  }

  async next() {
    const [owner, question] = this.waiting.entries().next().value ?? []
    if (!question) return
    this.waiting.delete(owner)
    this.busy = true
    try {
      question.done(await json(question.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(question.body),
      }), "")
    } catch (error) {
      question.done(null, error.message)
    } finally {
      this.busy = false
      this.next()
    }
  }

  clear() {
    this.waiting.clear()
  }
}
