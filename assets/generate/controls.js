// Small controls with a label and a tip, and the way to ask a worker.

import { el } from "./dom.js"
import { json } from "./fetching.js"

/** A labelled drop-down. `options`: [value, text] pairs; `value` reads and sets what is chosen. */
export function select(label, options, value, onChange, tip) {
  const box = el("select", { class: "labg-select", "aria-label": label, onchange: () => onChange(box.value) },
    ...options.map(([key, text]) => el("option", { value: key, selected: String(key) === String(value) }, text)))
  return { node: field(label, box, tip), box }
}

/** A labelled number with bounds; a number beyond them is put back within. */
export function number(label, { min, max, step, value }, onChange, tip) {
  const box = el("input", { type: "number", class: "labg-number", "aria-label": label, min, max, step, value })
  box.onchange = () => {
    const asked = Number(box.value)
    const kept = Number.isFinite(asked) && box.value !== "" ? Math.min(max, Math.max(min, asked)) : value
    box.value = step >= 1 ? Math.round(kept) : kept
    onChange(Number(box.value))
  }
  return { node: field(label, box, tip), box }
}

export function button(text, onclick, more = {}) {
  return el("button", { type: "button", class: "labd-button", onclick, ...more }, text)
}

function field(label, control, tip) {
  return el("label", { class: "labg-field", title: tip }, el("span", {}, label), control)
}

/** JSON from a question to a worker, or an Error whose message is a sentence. */
export function ask(url, body, signal) {
  return json(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  }).catch((error) => {
    if (error instanceof TypeError) throw new Error("The server does not answer; is it still running?", { cause: error })
    throw error
  })
}
