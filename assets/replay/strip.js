// Held-out images above what the network makes of them.

/** @import { Help, ReplayMoment, ReplayStrip } from "../shared/messages.js" */
/** @import { Picture } from "./picture.js" */
/** @import { Pictures } from "./pictures.js" */

import { el } from "../shared/dom.js"
import { help } from "./dom.js"
import { channelsOf, paint, ramp } from "./picture.js"
import { WORDS } from "./words.js"

export class Strip {
  /**
   * @param {Pictures} pictures
   * @param {string[]} originals
   * @param {Help} texts
   */
  constructor(pictures, originals, texts) {
    this.pictures = pictures
    this.originals = originals
    this.original = el("canvas", { role: "img", "aria-label": WORDS.heldOut })
    this.reconstructed = el("canvas", { role: "img", "data-testid": "strip" })
    const [above, below] = [el("span", {}, WORDS.original), el("span", {}, WORDS.reconstructed)]
    this.node = el(
      "section",
      { class: "panel stack", "aria-label": texts.question },
      el("div", { class: "bar" }, el("h2", {}, texts.question)),
      el("div", { class: "strip" }, above, this.original, below, this.reconstructed),
      help(texts),
    )
  }

  /** @param {ReplayMoment} moment */
  async draw(moment) {
    const { strip } = moment
    this.node.hidden = !strip
    if (!strip) return
    const { decoder } = this.pictures
    const channels = channelsOf(strip)
    const [above, below] = await Promise.all([
      decoder.get(this.originals[strip.originals], channels),
      decoder.get(strip.src, channels),
    ])
    if (this.pictures.moment !== moment) return
    this.paint(this.original, above, strip)
    this.paint(this.reconstructed, below, strip)
    this.reconstructed.setAttribute("aria-label", WORDS.reconstructions(moment.epoch))
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Picture} picture
   * @param {ReplayStrip} strip
   */
  paint(canvas, picture, { colour }) {
    const { indices } = picture
    const { page, ink } = this.pictures.contrast.colours
    const table = ramp([page, ink], 256)
    paint(canvas, picture, colour ? (at) => indices.subarray(3 * at, 3 * at + 3) : (at) => table[indices[at]])
  }
}
