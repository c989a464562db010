// Questions to a worker, one at a time.

import { ask } from "../shared/asking.js"

/**
 * @template Answer
 * @typedef {(answer: Answer | null, problem: string) => void} Done called with one of the two
 */

/**
 * @template Answer
 * @typedef {{ url: string, body: unknown, done: Done<Answer> }} Question
 */

/** Questions to a worker. One is on its way at a time; of those waiting each owner's newest counts. */
export class Questions {
  constructor() {
    /** @type {Map<unknown, Question<any>>} */
    this.waiting = new Map()
    this.busy = false
  }

  /**
   * `done(answer, problem)` is called with one of the two, or never if a newer question of `owner` replaced this.
   * @template Answer
   * @param {unknown} owner
   * @param {string} url
   * @param {unknown} body
   * @param {Done<Answer>} done
   */
  ask(owner, url, body, done) {
    this.waiting.set(owner, { url, body, done })
    if (!this.busy) this.next()
  }

  async next() {
    const [first] = this.waiting
    if (!first) return
    const [owner, { url, body, done }] = first
    this.waiting.delete(owner)
    this.busy = true
    try {
      done(await ask(url, body), "")
    } catch (error) {
      done(null, /** @type {Error} */ (error).message)
    } finally {
      this.busy = false
      this.next()
    }
  }

  clear() {
    this.waiting.clear()
  }
}
