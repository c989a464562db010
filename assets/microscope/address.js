// What is under the microscope, in the address of the page: data, hidden units, seed, temperature, learning rule.
// What a link may say is a closed list; anything else is left out. A link starts nothing.

import { METHODS } from "./experiment.js"
import { COLDEST, MOST_HIDDEN } from "./model.js"
import { HOTTEST, MOST_SEED } from "./toolbar.js"

const KEYS = ["set", "hidden", "seed", "temperature", "method"]
const CALM = 250 // ms; browsers refuse to change the address too often

export const USUAL = { set: "bars-3", hidden: 8, seed: 1, temperature: 1, method: "exact" }

/** Every value within its bounds; `sets` maps the names of the data sets to titles. */
export function read(sets) {
  const query = new URLSearchParams(window.location.search)
  const whole = (key, most) => {
    const text = query.get(key) ?? ""
    return /^[1-9]\d{0,5}$/.test(text) ? Math.min(Number(text), most) : USUAL[key]
  }
  const temperature = Number(query.get("temperature"))
  return {
    set: Object.hasOwn(sets, query.get("set") ?? "") ? query.get("set") : USUAL.set,
    hidden: whole("hidden", MOST_HIDDEN),
    seed: whole("seed", MOST_SEED),
    temperature: temperature > 0 ? Math.max(COLDEST, Math.min(HOTTEST, temperature)) : USUAL.temperature,
    method: METHODS.includes(query.get("method")) ? query.get("method") : USUAL.method,
  }
}

let timer = 0

/** Usual values leave the address. */
export function write(state) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    const url = new URL(window.location.href)
    for (const key of KEYS) {
      url.searchParams.delete(key) // so that the order is always the same
      if (state[key] !== USUAL[key]) url.searchParams.set(key, key === "temperature" ? state[key].toFixed(2) : state[key])
    }
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url)
  }, CALM)
}

export function cancel() {
  clearTimeout(timer)
}
