// Where the filters lie in a mosaic: tiles of one size with a gap between them.

/** @import { ReplayMoment } from "../shared/messages.js" */
/** @import { Picture } from "./picture.js" */

const GAP = 1

/** @typedef {Pick<ReplayMoment, "columns" | "rows" | "width" | "height">} Tiling `width` and `height` of a tile */

/**
 * The tile that a pixel of a mosaic belongs to.
 * @param {Tiling} tiling
 * @param {Picture} picture
 * @param {number} at
 */
export function tileAt({ columns, width, height }, picture, at) {
  const row = Math.floor(Math.floor(at / picture.width) / (height + GAP))
  return row * columns + Math.floor((at % picture.width) / (width + GAP))
}

/**
 * One filter cut out of its mosaic.
 * @param {Tiling} tiling
 * @param {Picture} picture
 * @param {number} unit
 * @returns {Picture}
 */
export function tileOf({ columns, width, height }, picture, unit) {
  const left = (unit % columns) * (width + GAP)
  const top = Math.floor(unit / columns) * (height + GAP)
  const { channels } = picture
  const indices = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * picture.width + left) * channels
    indices.set(picture.indices.subarray(from, from + width * channels), y * width * channels)
  }
  return { width, height, channels, indices }
}

/**
 * Where a tile lies, in shares of the mosaic.
 * @param {Tiling} tiling
 * @param {number} unit
 */
export function placeOf({ columns, rows, width, height }, unit) {
  const across = columns * (width + GAP) - GAP
  const down = rows * (height + GAP) - GAP
  return {
    left: ((unit % columns) * (width + GAP)) / across,
    top: (Math.floor(unit / columns) * (height + GAP)) / down,
    width: width / across,
    height: height / down,
  }
}
