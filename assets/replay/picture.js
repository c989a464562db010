// Pictures as indices: the file holds no colours, so that each picture is in it once for both themes and every contrast.

import { el } from "../shared/dom.js"
import { paintOf } from "./dom.js"

/**
 * `channels` indices a pixel, one after the other: 1, or 3 for colours.
 * @typedef {{ width: number, height: number, channels: number, indices: Uint8Array }} Picture
 */

/** @param {{ colour: boolean }} picture */
export const channelsOf = ({ colour }) => (colour ? 3 : 1)

/** Pictures by their addresses, decoded once. */
export class Decoder {
  constructor() {
    /** @type {Map<string, Promise<Picture>>} */
    this.known = new Map()
  }

  /**
   * @param {string} src
   * @param {number} channels
   */
  get(src, channels) {
    const coming = this.known.get(src) ?? decoded(src, channels)
    this.known.set(src, coming)
    return coming
  }
}

/**
 * @param {string} src
 * @param {number} channels
 * @returns {Promise<Picture>}
 */
async function decoded(src, channels) {
  const image = new Image()
  image.src = src
  await image.decode()
  const { naturalWidth: width, naturalHeight: height } = image
  const context = paintOf(el("canvas", { width, height }), { willReadFrequently: true })
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const indices = new Uint8Array(width * height * channels)
  for (let at = 0; at < indices.length; at += 1) indices[at] = data[4 * Math.floor(at / channels) + (at % channels)]
  return { width, height, channels, indices }
}

/**
 * Fills a canvas with the colour of each pixel; null stays transparent.
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<Picture, "width" | "height">} size
 * @param {(at: number) => ArrayLike<number> | null} colourAt
 */
export function paint(canvas, { width, height }, colourAt) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = paintOf(canvas)
  const image = context.createImageData(width, height)
  const { data } = image
  for (let at = 0; at < width * height; at += 1) {
    const colour = colourAt(at)
    if (!colour) continue
    data[4 * at] = colour[0]
    data[4 * at + 1] = colour[1]
    data[4 * at + 2] = colour[2]
    data[4 * at + 3] = 255
  }
  context.putImageData(image, 0, 0)
}

/**
 * Colours in `count` steps, mixed evenly between the stops.
 * @param {string[]} stops
 * @param {number} count
 */
export function ramp(stops, count) {
  const colours = stops.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)))
  return Array.from({ length: count }, (_, index) => {
    const at = (index / (count - 1)) * (colours.length - 1)
    const low = Math.min(Math.floor(at), colours.length - 2)
    return colours[low].map((value, channel) => Math.round(value + (at - low) * (colours[low + 1][channel] - value)))
  })
}
