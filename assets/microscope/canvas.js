// Canvases: what one draws with, at the resolution of the screen.

import { el } from "../shared/dom.js"
import { sizeOf } from "./sheet.js"
import { WORDS } from "./words.js"

/** @typedef {{ paint: CanvasRenderingContext2D, width: number, height: number }} Painting sizes in CSS pixels */

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
function paintOf(canvas) {
  const paint = canvas.getContext("2d")
  if (!paint) throw new Error(WORDS.noCanvas)
  return paint
}

/**
 * A canvas of the size of its box in device pixels, cleared, drawn on in CSS pixels; null while it has no size.
 * @param {HTMLCanvasElement} canvas
 * @returns {Painting | null}
 */
export function painted(canvas) {
  const [width, height] = sizeOf(canvas)
  if (!width || !height) return null
  const scale = window.devicePixelRatio || 1
  const size = [Math.round(width * scale), Math.round(height * scale)]
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size
  const paint = paintOf(canvas)
  paint.setTransform(scale, 0, 0, scale, 0, 0)
  paint.clearRect(0, 0, width, height)
  return { paint, width, height }
}

/**
 * Pixels, each as one even square or rectangle.
 * @param {CanvasRenderingContext2D} paint
 * @param {ImageData} picture
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 */
export function enlarge(paint, picture, left, top, width, height) {
  const sheet = el("canvas", { width: picture.width, height: picture.height })
  paintOf(sheet).putImageData(picture, 0, 0)
  paint.imageSmoothingEnabled = false
  paint.drawImage(sheet, left, top, width, height)
}
