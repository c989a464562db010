// Small controls with a label and a tip.

import { el } from "../shared/dom.js"

/** @typedef {[value: string | number, text: string]} Option */

/**
 * A labelled drop-down.
 * @param {string} label
 * @param {Option[]} options
 * @param {string | number} value what is chosen
 * @param {(value: string) => void} onChange
 * @param {string} [tip]
 */
export function select(label, options, value, onChange, tip) {
  const box = el(
    "select",
    { class: "labg-select", "aria-label": label, onchange: () => onChange(box.value) },
    ...options.map(([key, text]) => el("option", { value: key, selected: String(key) === String(value) }, text)),
  )
  return { node: field(label, box, tip), box }
}

/**
 * A labelled number with bounds; a number beyond them is put back within.
 * @param {string} label
 * @param {{ min: number, max: number, step: number, value: number }} bounds and the number at first
 * @param {(value: number) => void} onChange
 * @param {string} tip
 */
export function number(label, { min, max, step, value }, onChange, tip) {
  const box = el("input", { type: "number", class: "labg-number", "aria-label": label, min, max, step, value })
  box.onchange = () => {
    const asked = Number(box.value)
    const kept = Number.isFinite(asked) && box.value !== "" ? Math.min(max, Math.max(min, asked)) : value
    box.value = String(step >= 1 ? Math.round(kept) : kept)
    onChange(Number(box.value))
  }
  return { node: field(label, box, tip), box }
}

/**
 * @param {string} text
 * @param {() => void} onclick
 * @param {Record<string, unknown>} more
 */
export function button(text, onclick, more = {}) {
  return el("button", { type: "button", class: "labd-button", onclick, ...more }, text)
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [tip]
 */
function field(label, control, tip) {
  return el("label", { class: "labg-field", title: tip }, el("span", {}, label), control)
}
