// The pictures of the moment on the screen: the mosaic, the unit that is followed, the reconstructions.

/** @import { Palette, ReplayData, ReplayMoment } from "../shared/messages.js" */
/** @import { Scale, Scheme } from "./contrast.js" */

import { el } from "../shared/dom.js"
import { Contrast } from "./contrast.js"
import { Mosaic } from "./mosaic.js"
import { channelsOf, Decoder } from "./picture.js"
import { Strip } from "./strip.js"
import { UnitFilm } from "./unit_film.js"

const AHEAD = 4 // pictures decoded before they are asked for

export class Pictures {
  /**
   * @param {ReplayData} data with one moment at least
   * @param {Palette} colours
   * @param {(stage: string) => string} labelOf
   * @param {(moment: ReplayMoment) => void} goTo
   */
  constructor(data, colours, labelOf, goTo) {
    this.moments = data.moments
    this.index = this.moments.length - 1
    this.labelOf = labelOf
    this.goTo = goTo
    this.decoder = new Decoder()
    this.contrast = new Contrast(this.moments, colours)
    /** @type {number | null} */
    this.unit = 0 // the one that is followed
    this.mosaic = new Mosaic(this, data.texts.mosaic)
    this.film = new UnitFilm(this)
    this.strip = new Strip(this, data.originals, data.texts.strip)
    this.jumps = this.jumpsTo([...new Set(this.moments.map((moment) => moment.stage))])
    this.mosaic.jumps.replaceChildren(...this.jumps)
  }

  /**
   * Buttons that lead to the last picture of each stage; none where there is only one.
   * @param {string[]} stages
   */
  jumpsTo(stages) {
    if (stages.length < 2) return []
    return stages.map((stage) => {
      const onclick = () => this.goTo(this.of(stage)[this.of(stage).length - 1])
      return el("button", { type: "button", onclick, "data-key": stage }, this.labelOf(stage))
    })
  }

  get moment() {
    return this.moments[this.index]
  }

  /** @param {string} stage */
  of(stage) {
    return this.moments.filter((moment) => moment.stage === stage)
  }

  /**
   * At most `count` moments of a stage, evenly spaced.
   * @param {string} stage
   * @param {number} count
   */
  sample(stage, count) {
    const all = this.of(stage)
    if (all.length <= count) return all
    return Array.from({ length: count }, (_, at) => all[Math.round((at * (all.length - 1)) / (count - 1))])
  }

  /** @param {number} index of the moment */
  show(index) {
    this.index = index
    for (const jump of this.jumps) jump.setAttribute("aria-pressed", String(jump.dataset.key === this.moment.stage))
    this.draw()
  }

  draw() {
    const { moment } = this
    this.mosaic.draw(moment)
    this.strip.draw(moment)
    if (this.unit !== null && this.unit >= moment.units) this.unit = 0
    this.drawUnit()
    for (const next of this.moments.slice(this.index + 1, this.index + 1 + AHEAD)) {
      this.decoder.get(next.src, channelsOf(next))
    }
  }

  drawUnit() {
    this.mosaic.frame(this.moment, this.unit)
    this.film.draw(this.moment, this.unit)
  }

  /** @param {number | null} unit null: none any more */
  select(unit) {
    this.unit = unit
    this.drawUnit()
  }

  /** @param {number} by */
  step(by) {
    const { units } = this.moment
    this.select(((this.unit ?? 0) + by + units) % units)
  }

  /** @param {Palette} colours */
  setColours(colours) {
    this.contrast.setColours(colours)
    this.draw()
  }

  /** @param {Scale} scale */
  setScale(scale) {
    this.contrast.scale = scale
    this.draw()
  }

  /** @param {Scheme} scheme */
  setScheme(scheme) {
    this.contrast.setScheme(scheme)
    this.draw()
  }
}
