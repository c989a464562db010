// Hidden probabilities of a batch as a picture, with dead and always-on units marked above it and listed below.

/** @import { Page } from "../shared/card.js" */
/** @import { Card as CardSpec, FrameData } from "../shared/messages.js" */
/** @import { Scene } from "./scene.js" */

import { Card } from "../shared/card.js"
import { el, say } from "../shared/dom.js"
import { enlargement, Picture } from "../shared/picture.js"
import { figure } from "../shared/plotting.js"
import { inColour } from "../shared/swatch.js"
import { noFrame } from "./frame_cards.js"
import { WORDS } from "./words.js"

const MARKS = 4 // rows of the picture above the first case
const LISTED = 14
const LARGEST = 8 // times a picture is enlarged
const { hidden: words } = WORDS

/** @extends {Card<Scene>} */
export class HiddenCard extends Card {
  /**
   * @param {CardSpec} spec
   * @param {Page} page
   */
  constructor(spec, page) {
    super(spec, page)
    this.picture = new Picture({ class: "labd-hidden", "data-testid": "labd-hidden" })
    /** @type {FrameData | null} */
    this.data = null
    this.tip = el("span", { class: "labd-tip", hidden: true })
    this.units = el("span", { class: "labd-axis" })
    this.body.append(
      el("span", { class: "labd-axis labd-axis-side" }, words.cases),
      el("div", { class: "labd-picture" }, this.picture.img, this.tip),
      this.units,
    )
    this.picture.img.onmousemove = (event) => this.point(event)
    this.picture.img.onmouseleave = () => {
      this.tip.hidden = true
    }
  }

  /** @param {Scene} scene */
  reason(scene) {
    return noFrame(scene)
  }

  /** @param {Scene} scene */
  state(scene) {
    return String(scene.frame)
  }

  /** @param {Scene} scene */
  draw(scene) {
    const data = scene.moments.get(scene.frame)
    if (!data) return false
    this.data = data
    this.csv.href = `${scene.addresses.diagnose}/hidden.csv?frames=${scene.frame}`
    this.swap(scene, data)
    say(this.units, words.units(data.shown[1], data.units))
    this.foot.replaceChildren(
      inColour(scene.layers[0], dead(data.dead)),
      inColour(scene.layers[1], alwaysOn(data.always_on)),
    )
    return true
  }

  /**
   * @param {Scene} scene
   * @param {FrameData} data
   */
  async swap({ addresses, frame, theme }, data) {
    const [cases, units] = data.shown
    const scale = enlargement(this.body.clientWidth, units, LARGEST)
    const url = `${addresses.diagnose}/frame/${frame}/hidden-${scale}-${theme}.png`
    const alt = words.picture(cases, units, dead(data.dead), alwaysOn(data.always_on))
    const isThere = await this.picture.show(url, alt, frame)
    if (!isThere) this.key = "" // the next drawing asks again
  }

  /** @param {MouseEvent} event */
  point(event) {
    if (!this.data) return
    const box = this.picture.img.getBoundingClientRect()
    const [cases, units] = this.data.shown
    const unit = Math.min(units - 1, Math.floor(((event.clientX - box.left) / box.width) * units))
    const row = Math.floor(((event.clientY - box.top) / box.height) * (cases + MARKS)) - MARKS
    say(this.tip, words.tip(unit, row < 0 ? null : row + 1, figure(100 * this.data.activity[unit])))
    this.tip.hidden = false
  }

  clear() {
    super.clear()
    this.picture.clear()
    say(this.units, "")
  }
}

/** @param {number[]} units */
function dead(units) {
  return units.length ? words.dead(units.length, list(units)) : words.noneDead
}

/** @param {number[]} units */
function alwaysOn(units) {
  return units.length ? words.always(units.length, list(units)) : words.noneAlways
}

/** @param {number[]} units */
function list(units) {
  return words.listed(units.slice(0, LISTED), units.length - LISTED)
}
