// One filter through the run.

/** @import { ReplayMoment } from "../shared/messages.js" */
/** @import { Pictures } from "./pictures.js" */

import { el } from "../shared/dom.js"
import { fixed } from "../shared/numbers.js"
import { button } from "./dom.js"
import { channelsOf } from "./picture.js"
import { WORDS } from "./words.js"

const FRAMES = 24

export class UnitFilm {
  /** @param {Pictures} pictures */
  constructor(pictures) {
    this.pictures = pictures
    this.key = "" // of the frames that are there
    this.large = el("canvas", { role: "img" })
    this.films = el("div", { class: "films" })
    this.title = el("h2", {})
    const quiet = { class: "quiet" }
    const tools = el(
      "span",
      { class: "nowrap" },
      button("‹", WORDS.unitBefore, () => pictures.step(-1), quiet),
      button("›", WORDS.unitAfter, () => pictures.step(1), quiet),
      button(WORDS.close, WORDS.closeUnit, () => pictures.select(null), quiet),
    )
    this.node = el(
      "section",
      { class: "panel stack", hidden: true, "data-testid": "unit" },
      el("div", { class: "bar" }, this.title, tools),
      el("div", { class: "unit" }, this.large, this.films),
    )
  }

  /**
   * @param {ReplayMoment} moment
   * @param {number | null} unit null: none is followed
   */
  async draw(moment, unit) {
    this.node.hidden = unit === null
    if (unit === null) return
    const { pictures } = this
    const key = `${moment.stage} ${unit} ${pictures.contrast.key}`
    const title = WORDS.unitOf(unit, pictures.labelOf(moment.stage), moment.epoch)
    this.title.textContent = title
    this.large.setAttribute("aria-label", title)
    await this.tile(this.large, moment, unit)
    if (this.key === key) return
    this.key = key
    const frames = pictures.sample(moment.stage, FRAMES).map((frame) => ({ frame, canvas: el("canvas") }))
    this.films.replaceChildren(...frames.map(({ frame, canvas }) => this.frame(frame, canvas)))
    await Promise.all(frames.map(({ frame, canvas }) => this.tile(canvas, frame, unit)))
  }

  /**
   * A picture that leads to its moment.
   * @param {ReplayMoment} moment
   * @param {HTMLCanvasElement} canvas
   */
  frame(moment, canvas) {
    const node = button(canvas, WORDS.goTo(moment.epoch), () => this.pictures.goTo(moment))
    node.append(fixed(moment.epoch))
    return node
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {ReplayMoment} moment
   * @param {number} unit
   */
  async tile(canvas, moment, unit) {
    const picture = await this.pictures.decoder.get(moment.src, channelsOf(moment))
    this.pictures.contrast.paintUnit(canvas, moment, picture, unit)
  }
}
