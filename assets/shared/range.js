// A slider over the places of a list.

import { el } from "./dom.js"

/** @param {Record<string, unknown>} attributes */
export function placesRange(attributes) {
  return el("input", { type: "range", min: 0, max: 0, value: 0, step: 1, ...attributes })
}

/**
 * The list is so long now, and the slider stands at one of its places.
 * @param {HTMLInputElement} range
 * @param {number} count
 * @param {number} place
 */
export function setPlaces(range, count, place) {
  range.max = String(Math.max(0, count - 1))
  range.value = String(place)
  range.disabled = count < 2
}
