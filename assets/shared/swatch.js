// Words beside the colour of what they name.

import { el } from "./dom.js"

/**
 * @param {string} colour
 * @param {string} text
 */
export function inColour(colour, text) {
  return el("span", {}, el("i", { class: "lab-swatch", style: `background: ${colour}` }), text)
}
