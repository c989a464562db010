// The strip of originals above their reconstructions.

/** @import { Help, Strip as StripPicture } from "./messages.js" */
/** @import { Look } from "./mosaic.js" */

import { el, show } from "./dom.js"
import { help } from "./help.js"
import { enlargement, Picture } from "./picture.js"
import { WORDS } from "./words.js"

const GAP = 2 // in the picture's own pixels

/** @param {StripPicture} strip */
function measures(strip) {
  return { natural: strip.cases * (strip.width + GAP) - GAP, tall: 2 * strip.height + GAP }
}

export class Strip {
  /** @param {Help} texts */
  constructor(texts) {
    const [button, panel] = help(texts)
    this.picture = new Picture({ class: "lab-strip-picture", "data-testid": "lab-strip" })
    this.body = el("div", { class: "lab-strip-body" }, this.picture.img)
    this.through = el("span", {}, WORDS.strip.reconstructed)
    this.node = el(
      "figure",
      { class: "lab-strip lab-panel", "aria-label": texts.question },
      el(
        "figcaption",
        { class: "lab-strip-labels" },
        el("span", {}, WORDS.strip.original),
        el("span", { class: "lab-strip-reconstructed" }, this.through, button, panel),
      ),
      this.body,
    )
  }

  /**
   * How often a picture of so many cases is enlarged: as far as its width and `most` px of height allow.
   * @param {StripPicture} strip
   * @param {number} most
   */
  scale(strip, most) {
    const { natural, tall } = measures(strip)
    return Math.min(most / tall, this.body.clientWidth / natural)
  }

  /**
   * px that the panel takes; `most` px for the picture.
   * @param {StripPicture | null | undefined} strip
   * @param {number} most
   */
  height(strip, most) {
    return (strip ? Math.ceil(measures(strip).tall * this.scale(strip, most)) : most) + 22
  }

  /**
   * As `Mosaic.update`.
   * @param {StripPicture | null} strip
   * @param {Look & { stripHeight: number }} live
   */
  update(strip, live) {
    show(this.picture.img, Boolean(strip) && this.picture.hasCome)
    if (!strip) return null
    const { natural, tall } = measures(strip)
    const most = this.scale(strip, live.stripHeight)
    if (!(most > 0)) return null
    const cases = strip.cases
    const scale = enlargement(natural * most, natural)
    this.picture.img.style.width = `${natural * most}px`
    this.picture.img.style.height = `${tall * most}px`
    this.node.style.setProperty("--lab-strip-row", `${(strip.height + GAP / 2) * most}px`)
    const url = `${live.address}/${strip.id}/${cases}x${scale}-${live.theme}.png`
    return this.picture.show(url, WORDS.strip.picture(cases, strip.depth, strip.epoch), strip.id)
  }

  clear() {
    this.picture.clear()
  }
}
