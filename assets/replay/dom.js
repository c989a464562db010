// Elements of this page, beside those of all pages. Text is always set as text: a name of a run is never markup.

/** @import { Help } from "../shared/messages.js" */

import { el } from "../shared/dom.js"
import { WORDS } from "./words.js"

const SVG = "http://www.w3.org/2000/svg"

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value))
  node.append(...children)
  return node
}

/**
 * @param {Node | string} label
 * @param {string} title
 * @param {() => void} onclick
 * @param {Record<string, string>} more attributes
 */
export function button(label, title, onclick, more = {}) {
  return el("button", { type: "button", "aria-label": title, title, onclick, ...more }, label)
}

/**
 * Behind a fold: what to look for, the formula, the unit, the images it is measured on.
 * @param {Help} texts
 */
export function help({ look, formula, unit, split }) {
  const lines = [
    el("p", {}, look),
    ...entry(WORDS.formula, formula),
    ...entry(WORDS.unit, unit),
    ...entry(WORDS.measuredOn, split),
  ]
  return el("details", { class: "help" }, el("summary", {}, WORDS.help), ...lines)
}

/**
 * @param {string} name
 * @param {string} text
 */
function entry(name, text) {
  return text ? [el("p", {}, el("b", {}, `${name}: `), text)] : []
}

/**
 * A file for the person to keep.
 * @param {Blob} content
 * @param {string} name
 */
export function keep(content, name) {
  const address = URL.createObjectURL(content)
  el("a", { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} settings
 * @returns {CanvasRenderingContext2D}
 */
export function paintOf(canvas, settings = {}) {
  const paint = canvas.getContext("2d", settings)
  if (!paint) throw new Error(WORDS.noCanvas)
  return paint
}
