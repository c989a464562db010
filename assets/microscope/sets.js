// The tiny data sets of the server, each fetched once.

/** @import { TinySet } from "../shared/messages.js" */

import { answerOf } from "../shared/asking.js"
import { Data } from "./data.js"

export class DataSets {
  /** @param {string} address below which they lie, by name */
  constructor(address) {
    this.address = address
    /** @type {Map<string, Data>} */
    this.known = new Map()
  }

  /**
   * The data, or the sentence that says why there are none.
   * @param {string} name
   * @returns {Promise<[Data, ""] | [null, string]>}
   */
  async get(name) {
    const known = this.known.get(name)
    if (known) return [known, ""]
    /** @type {[TinySet, ""] | [null, string]} */
    const [raw, problem] = await answerOf(fetch(`${this.address}/${name}.json`))
    if (!raw) return [null, problem]
    const data = new Data(raw)
    this.known.set(name, data)
    return [data, ""]
  }
}
