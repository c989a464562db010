// The filters of a layer at one moment, with the scale of their colours; a click chooses one.

/** @import { Help, ReplayMoment } from "../shared/messages.js" */
/** @import { Pictures } from "./pictures.js" */

import { choice, el } from "../shared/dom.js"
import { fixed } from "../shared/numbers.js"
import { button, help, keep, paintOf } from "./dom.js"
import { digits } from "./numbers.js"
import { channelsOf } from "./picture.js"
import { placeOf } from "./tiles.js"
import { WORDS } from "./words.js"

const LARGER = 4 // times, in the file

export class Mosaic {
  /**
   * @param {Pictures} pictures
   * @param {Help} texts
   */
  constructor(pictures, texts) {
    this.pictures = pictures
    this.canvas = el("canvas", {
      class: "mosaic",
      role: "img",
      "data-testid": "mosaic",
      onclick: (/** @type {MouseEvent} */ event) => this.click(event),
    })
    this.chosen = el("span", { class: "chosen", hidden: true })
    this.caption = el("p", { class: "caption figures" })
    this.scale = el("canvas", { width: 255, height: 1, "aria-hidden": "true" })
    this.low = el("span", { class: "figures" })
    this.high = el("span", { class: "figures" })
    this.less = el("span")
    this.more = el("span")
    this.jumps = el("span", { class: "lab-choice", role: "group", "aria-label": WORDS.layer })
    this.node = el(
      "section",
      { class: "panel stack", "aria-label": texts.question },
      el("div", { class: "bar" }, el("h2", {}, texts.question), this.jumps),
      el("div", { class: "frame" }, this.canvas, this.chosen),
      this.legend(),
      this.caption,
      this.tools(),
      help(texts),
    )
  }

  legend() {
    return el("div", { class: "legend" }, this.low, this.less, this.scale, this.more, this.high)
  }

  tools() {
    const { pictures } = this
    return el(
      "div",
      { class: "bar" },
      el("span", { class: "caption" }, WORDS.oneScale),
      choice(WORDS.aboutScale, WORDS.scales, "picture", (scale) => pictures.setScale(scale)),
      choice(WORDS.colours, WORDS.schemes, "signed", (scheme) => pictures.setScheme(scheme)),
      button(WORDS.png, WORDS.savePng, () => this.save(), { class: "quiet" }),
    )
  }

  /** @param {ReplayMoment} moment */
  async draw(moment) {
    const picture = await this.pictures.decoder.get(moment.src, channelsOf(moment))
    if (this.pictures.moment !== moment) return // somebody has scrubbed on meanwhile
    const { contrast } = this.pictures
    contrast.paint(this.canvas, moment, picture)
    contrast.paintScale(this.scale, moment.colour)
    this.canvas.dataset.step = String(moment.step)
    const filters = WORDS.filters(moment)
    this.caption.textContent = WORDS.followOne(filters)
    this.canvas.setAttribute("aria-label", WORDS.spokenFilters(filters, moment.responds))
    const [less, more] = WORDS.ends(moment)
    this.less.textContent = less
    this.more.textContent = more
    const end = contrast.end(moment)
    this.low.textContent = end === null ? WORDS.ownScale : `−${digits(end, 2)}`
    this.high.textContent = end === null ? WORDS.ownScale : `+${digits(end, 2)}`
  }

  /**
   * A frame around the unit that is followed.
   * @param {ReplayMoment} moment
   * @param {number | null} unit
   */
  frame(moment, unit) {
    this.chosen.hidden = unit === null
    if (unit === null) return
    const percent = (/** @type {number} */ share) => `${100 * share}%`
    const { left, top, width, height } = placeOf(moment, unit)
    const { style } = this.chosen
    style.left = percent(left)
    style.top = percent(top)
    style.width = percent(width)
    style.height = percent(height)
  }

  /** @param {MouseEvent} event */
  click(event) {
    const { moment } = this.pictures
    const box = this.canvas.getBoundingClientRect()
    const x = Math.floor(((event.clientX - box.left) / box.width) * moment.columns)
    const y = Math.floor(((event.clientY - box.top) / box.height) * moment.rows)
    const unit = y * moment.columns + x
    if (x >= 0 && y >= 0 && unit < moment.units) this.pictures.select(unit)
  }

  /** What is on the screen, larger, on the page's own colour. */
  save() {
    const { moment, contrast } = this.pictures
    const [width, height] = [this.canvas.width * LARGER, this.canvas.height * LARGER]
    const large = el("canvas", { width, height })
    const context = paintOf(large)
    context.fillStyle = contrast.colours.page
    context.fillRect(0, 0, width, height)
    context.imageSmoothingEnabled = false
    context.drawImage(this.canvas, 0, 0, width, height)
    const name = `filters-${moment.stage}-epoch-${fixed(moment.epoch)}.png`
    large.toBlob((blob) => blob && keep(blob, name), "image/png")
  }
}
