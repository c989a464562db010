// How indices become colours: how strong, in which scheme. Index 0 is a gap, 128 a weight of zero, 128 ± 63 the ends of the
// picture's scale.

/** @import { Palette, ReplayMoment } from "../shared/messages.js" */
/** @import { Picture } from "./picture.js" */

import { paint, ramp } from "./picture.js"
import { tileAt, tileOf } from "./tiles.js"

/** @typedef {"picture" | "layer" | "each"} Scale what has one scale: a picture, a layer over all epochs, each filter */
/** @typedef {"signed" | "grey"} Scheme */

const ZERO = 128
const LEVELS = 63

export class Contrast {
  /**
   * @param {ReplayMoment[]} moments
   * @param {Palette} colours
   */
  constructor(moments, colours) {
    /** @type {Map<string, number>} */
    this.largest = new Map() // weights of the stages
    for (const { stage, scale } of moments) this.largest.set(stage, Math.max(scale, this.largest.get(stage) ?? 0))
    /** @type {Scale} */
    this.scale = "picture"
    /** @type {Scheme} */
    this.scheme = "signed"
    this.colours = colours
    this.table = this.made()
  }

  /** A colour for each index but 0. */
  made() {
    return ramp(this.colours.stops[this.scheme], 2 * ZERO - 1)
  }

  /** @param {Palette} colours */
  setColours(colours) {
    this.colours = colours
    this.table = this.made()
  }

  /** @param {Scheme} scheme */
  setScheme(scheme) {
    this.scheme = scheme
    this.table = this.made()
  }

  /** Names everything that a colour depends on. */
  get key() {
    return `${this.colours.page} ${this.scale} ${this.scheme}`
  }

  /**
   * The weight that takes the strongest colour; null when every filter has its own.
   * @param {ReplayMoment} moment
   */
  end(moment) {
    if (this.scale === "each") return null
    return this.scale === "layer" ? (this.largest.get(moment.stage) ?? moment.scale) : moment.scale
  }

  /**
   * A mosaic.
   * @param {HTMLCanvasElement} canvas
   * @param {ReplayMoment} moment
   * @param {Picture} picture
   */
  paint(canvas, moment, picture) {
    const strengths = this.strengths(moment, picture)
    this.fill(canvas, picture, (at) => strengths[tileAt(moment, picture, at)])
  }

  /**
   * One filter of a mosaic.
   * @param {HTMLCanvasElement} canvas
   * @param {ReplayMoment} moment
   * @param {Picture} picture
   * @param {number} unit
   */
  paintUnit(canvas, moment, picture, unit) {
    const tile = tileOf(moment, picture, unit)
    const strength = this.strength(moment, tile)
    this.fill(canvas, tile, () => strength)
  }

  /**
   * The colours from the most negative to the most positive weight, in a line.
   * @param {HTMLCanvasElement} canvas
   * @param {boolean} colour of filters of colour images?
   */
  paintScale(canvas, colour) {
    paint(canvas, { width: this.table.length, height: 1 }, (at) => (colour ? [at + 1, at + 1, at + 1] : this.table[at]))
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Picture} picture
   * @param {(at: number) => number} strengthAt
   */
  fill(canvas, picture, strengthAt) {
    const { indices, channels } = picture
    const { table } = this
    paint(canvas, picture, (at) => {
      const first = indices[channels * at]
      if (first === 0) return null
      const strength = strengthAt(at)
      if (channels === 1) return table[Math.round((signed(first, strength) + 1) * (ZERO - 1))]
      // Filters of colour images show the weight of each channel in that channel: zero is a middle grey.
      return [0, 1, 2].map((channel) => Math.round(127.5 * (1 + signed(indices[channels * at + channel], strength))))
    })
  }

  /**
   * How strong each tile of a mosaic is.
   * @param {ReplayMoment} moment
   * @param {Picture} picture
   */
  strengths(moment, picture) {
    const tiles = Array.from({ length: moment.columns * moment.rows }, (_, unit) => unit)
    if (this.scale !== "each") return tiles.map(() => this.strength(moment, picture))
    return tiles.map((unit) => this.strength(moment, tileOf(moment, picture, unit)))
  }

  /**
   * @param {ReplayMoment} moment
   * @param {Picture} tile
   */
  strength(moment, tile) {
    const end = this.end(moment)
    if (end !== null) return moment.scale / (end || 1)
    return LEVELS / tile.indices.reduce((most, index) => Math.max(most, Math.abs(index - ZERO)), 1)
  }
}

/**
 * An index as a number from -1 to 1.
 * @param {number} index
 * @param {number} strength
 */
const signed = (index, strength) => Math.max(-1, Math.min(1, ((index - ZERO) / LEVELS) * strength))
