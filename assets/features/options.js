// How the mosaics are shown: order of the tiles, contrast, colours.

import { choice, el } from "./dom.js"

const ORDERS = { training: "training order", activity: "activity", norm: "norm", usefulness: "usefulness" }
const CONTRASTS = { shared: "moment", run: "run", each: "each" }
const SCHEMES = { signed: "colour", grey: "grey" }

export class Options {
  constructor(onChange) {
    this.values = { order: "training", contrast: "shared", scheme: "signed" }
    const pick = (label, name, options) => {
      const set = (value) => {
        this.values[name] = value
        onChange(name)
      }
      return el("span", { class: "labf-option" }, el("span", { class: "labf-option-name" }, label), choice(label, options, this.values[name], set))
    }
    this.node = el("div", { class: "labf-options" }, pick("Order", "order", ORDERS), pick("Contrast", "contrast", CONTRASTS), pick("Colours", "scheme", SCHEMES))
  }
}
