// How the mosaics are shown: order of the tiles, contrast, colours.

/** @import { Looks } from "./scene.js" */

import { usualContrast } from "../shared/contrast.js"
import { choice, el, press } from "../shared/dom.js"
import { WORDS } from "./words.js"

const { options: words } = WORDS

export class Options {
  /** @param {(name: keyof Looks) => void} onChange */
  constructor(onChange) {
    /** @type {Set<keyof Looks>} */
    this.chosen = new Set() // by a person, of the names of values
    /** @type {Map<keyof Looks, HTMLElement>} */
    this.groups = new Map()
    /** @type {Looks} */
    this.values = { order: "training", contrast: "shared", scheme: "signed" }
    /** @type {(label: string, name: keyof Looks, options: Record<string, string>) => HTMLElement} */
    const pick = (label, name, options) => {
      const group = choice(label, options, this.values[name], (value) => {
        Object.assign(this.values, { [name]: value })
        this.chosen.add(name)
        onChange(name)
      })
      this.groups.set(name, group)
      return el("span", { class: "labf-option" }, el("span", { class: "labf-option-name" }, label), group)
    }
    this.node = el(
      "div",
      { class: "labf-options" },
      pick(words.order, "order", words.orders),
      pick(words.contrast, "contrast", words.contrasts),
      pick(words.scheme, "scheme", words.schemes),
    )
  }

  /**
   * The contrast that suits the images, until a person chooses one.
   * @param {boolean} isColour
   */
  suit(isColour) {
    if (this.chosen.has("contrast")) return
    this.values.contrast = usualContrast(isColour)
    press(/** @type {HTMLElement} */ (this.groups.get("contrast")), this.values.contrast)
  }
}
