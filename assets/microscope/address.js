// What is under the microscope, in the address of the page: data, hidden units, seed, temperature, learning rule.
// What a link may say is a closed list; anything else is left out. A link starts nothing.

/** @import { Settings } from "./scene.js" */

import { MOST_SEED, methodOf } from "./experiment.js"
import { COLDEST, HOTTEST, MOST_HIDDEN } from "./model.js"

const WHOLE = /^[1-9]\d{0,5}$/
const CALM = 250 // ms; browsers refuse to change the address too often

/** @type {Settings} */
const USUAL = { set: "bars-3", hidden: 8, seed: 1, temperature: 1, method: "exact" }

/**
 * Every value within its bounds; `sets` maps the names of the data sets to titles.
 * @param {Record<string, string>} sets
 * @returns {Settings}
 */
export function read(sets) {
  const query = new URLSearchParams(window.location.search)
  const text = (/** @type {keyof Settings} */ key) => query.get(key) ?? ""
  const whole = (/** @type {"hidden" | "seed"} */ key, /** @type {number} */ most) =>
    WHOLE.test(text(key)) ? Math.min(Number(text(key)), most) : USUAL[key]
  const temperature = Number(text("temperature"))
  return {
    set: Object.hasOwn(sets, text("set")) ? text("set") : USUAL.set,
    hidden: whole("hidden", MOST_HIDDEN),
    seed: whole("seed", MOST_SEED),
    temperature: temperature > 0 ? Math.max(COLDEST, Math.min(HOTTEST, temperature)) : USUAL.temperature,
    method: methodOf(text("method")) ?? USUAL.method,
  }
}

let timer = 0

/**
 * Usual values leave the address.
 * @param {Settings} settings
 */
export function write(settings) {
  const { set, hidden, seed, temperature, method } = settings
  clearTimeout(timer)
  timer = setTimeout(() => {
    const url = new URL(window.location.href)
    put(url, "set", set, set === USUAL.set)
    put(url, "hidden", String(hidden), hidden === USUAL.hidden)
    put(url, "seed", String(seed), seed === USUAL.seed)
    put(url, "temperature", temperature.toFixed(2), temperature === USUAL.temperature)
    put(url, "method", method, method === USUAL.method)
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url)
  }, CALM)
}

/**
 * Behind all others, so that the order is always the same.
 * @param {URL} url
 * @param {keyof Settings} key
 * @param {string} value
 * @param {boolean} isUsual
 */
function put(url, key, value, isUsual) {
  url.searchParams.delete(key)
  if (!isUsual) url.searchParams.set(key, value)
}

export function cancel() {
  clearTimeout(timer)
}
