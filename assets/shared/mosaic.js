// The filter mosaic with its colour bar.

/** @import { Filters, Help } from "./messages.js" */
/** @import { Theme } from "./scene.js" */

import { usualContrast } from "./contrast.js"
import { choice, el, press, say, show } from "./dom.js"
import { endsOf } from "./ends.js"
import { rounded } from "./numbers.js"
import { enlargement, Picture } from "./picture.js"
import { offerPicture, pictureLink, questionHead } from "./tools.js"
import { inWords, UnitMarks } from "./unit_marks.js"
import { WORDS } from "./words.js"

/** @typedef {{ address: string, theme: Theme }} Look where pictures lie, and which */

const COLUMNS = 10
const GAP = 1 // in the picture's own pixels
const LEAST = 120 // px of a side
const { mosaic: words } = WORDS

export class Mosaic {
  /**
   * @param {Help} texts
   * @param {() => void} onChange
   */
  constructor(texts, onChange) {
    this.about = el("span", { class: "lab-about" })
    this.contrast = "" // none chosen by a person
    this.layer = "" // the stage that a person chose, where several layers learn at once
    this.layers = el("span", { class: "lab-layers", hidden: true })
    this.onChange = onChange
    this.picture = new Picture({ class: "lab-mosaic-picture", "data-testid": "lab-mosaic" })
    this.marks = new UnitMarks()
    this.frame = el("div", { class: "lab-mosaic-frame" }, this.picture.img, this.marks.node)
    this.less = el("span")
    this.more = el("span")
    this.low = el("span", { class: "lab-number" })
    this.high = el("span", { class: "lab-number" })
    this.ramp = el("span", { class: "lab-ramp", role: "img" })
    this.png = pictureLink(words.png)
    this.pick = choice(words.contrast, words.contrasts, usualContrast(false), (value) => {
      this.contrast = value
      onChange()
    })
    this.head = questionHead(texts, this.layers, this.pick, this.png)
    this.legend = el(
      "figcaption",
      { class: "lab-caption" },
      el(
        "span",
        { class: "lab-legend-bar" },
        el("span", {}, this.low, " ", this.less),
        this.ramp,
        el("span", {}, this.more, " ", this.high),
      ),
      this.about,
    )
    this.node = el(
      "figure",
      { class: "lab-mosaic lab-panel", "aria-label": texts.question },
      this.head,
      this.frame,
      this.legend,
    )
  }

  /** px of the panel to the left and right of the picture, and above and below it. */
  get border() {
    return this.node.offsetWidth - this.node.clientWidth + 24
  }

  get chrome() {
    return 22 + this.head.offsetHeight + this.legend.offsetHeight + 16
  }

  /**
   * As large as a panel of this width allows.
   * @param {number} width px
   * @param {number} most px of a side
   */
  fit(width, most) {
    const side = Math.floor(Math.min(width - this.border, most))
    this.node.style.setProperty("--lab-side", `${Math.max(LEAST, side)}px`)
  }

  /**
   * Where several layers learn at once, a button for each.
   * @param {Filters[]} layers
   */
  offer(layers) {
    const stages = layers.map((layer) => layer.stage)
    show(this.layers, stages.length > 1)
    const key = stages.join()
    if (this.layers.dataset.key === key) return
    this.layers.dataset.key = key
    if (!stages.includes(this.layer)) this.layer = stages[0] ?? ""
    const names = Object.fromEntries(layers.map(({ stage, depth }) => [stage, String(depth)]))
    this.layers.replaceChildren(
      ...(stages.length > 1
        ? [
            words.layers,
            choice(words.layer, names, this.layer, (stage) => {
              this.layer = stage
              this.onChange()
            }),
          ]
        : []),
    )
  }

  /** @param {Filters} filters */
  contrastOf({ colour }) {
    return this.contrast || usualContrast(colour)
  }

  /** @param {{ filters: Filters | null, layers: Filters[] }} live */
  chosen({ filters, layers }) {
    return layers.find((layer) => layer.stage === this.layer) ?? filters
  }

  /**
   * Resolves when the picture is on the screen; null where there is nothing to wait for.
   * @param {Filters | null} filters
   * @param {Look & { stops: string[] }} live
   */
  update(filters, live) {
    show(this.picture.img, Boolean(filters) && this.picture.hasCome)
    if (!filters) {
      say(this.about, words.first)
      return null
    }
    const shown = Math.min(filters.units, COLUMNS * COLUMNS)
    const columns = Math.min(COLUMNS, Math.ceil(Math.sqrt(shown)))
    const rows = Math.ceil(shown / columns)
    const natural = columns * (filters.width + GAP) - GAP
    const side = this.frame.clientWidth
    if (!side) return null
    const scale = enlargement(side, natural)
    const { address, theme, stops } = live
    const contrast = this.contrastOf(filters)
    press(this.pick, contrast)
    const about = words.about(shown, filters.of, filters.what, filters.epoch)
    const url = `${address}/${filters.id}/${columns}x${rows}x${scale}-signed-${contrast}-${theme}.png`
    const change = this.picture.show(url, words.picture(about, filters.responds), filters.id)
    offerPicture(this.png, url, words.file(filters.label, filters.epoch))
    this.marks.lay(filters.states, { columns, rows, ratio: natural / (rows * (filters.height + GAP) - GAP) })
    const marked = inWords(filters.states)
    this.caption(marked ? words.marked(about, marked) : about, filters, stops)
    return change
  }

  /**
   * @param {string} about
   * @param {Filters} filters
   * @param {string[]} stops
   */
  caption(about, filters, stops) {
    const { scale, colour, responds } = filters
    const own = this.contrastOf(filters) === "each"
    const end = scale === null ? "∞" : rounded(scale, 2)
    const [less, more] = endsOf(responds, colour)
    say(this.about, about)
    say(this.less, less)
    say(this.more, more)
    say(this.low, own ? "" : `−${end}`)
    say(this.high, own ? "" : `+${end}`)
    // Filters of colour images show the weight of each channel in that channel: zero is a middle grey.
    this.ramp.style.background = `linear-gradient(to right, ${colour ? "#000, #808080, #fff" : stops.join(", ")})`
    const range = own ? words.ownRange : words.range(end)
    this.ramp.setAttribute("aria-label", responds ? words.responses(less, more, range) : words.colours(range))
  }

  clear() {
    this.picture.clear()
    this.marks.clear()
    show(this.png, false)
    for (const node of [this.about, this.low, this.high, this.less, this.more]) say(node, "")
  }
}
