// What a run is called, in its colour, and a few words about it.

import { el, say } from "../shared/dom.js"

export class Name {
  /**
   * @param {string} name
   * @param {Record<string, unknown>} attributes
   */
  constructor(name, attributes = {}) {
    this.swatch = el("i")
    this.words = el("small")
    this.node = el("span", { class: "labc-run", ...attributes }, this.swatch, el("b", {}, name), this.words)
  }

  /**
   * @param {string} colour
   * @param {string} words
   */
  draw(colour, words) {
    this.swatch.style.background = colour
    say(this.words, words)
  }
}
