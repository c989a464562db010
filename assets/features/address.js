// Where one looks, in the address of the page: epoch, layer and unit beside the run. It never starts anything.

/** @typedef {{ epoch: number | null, layer: number | null, unit: number | null }} Place null: not said */

const KEYS = /** @type {const} */ (["epoch", "layer", "unit"])
const CALM = 250 // ms; browsers refuse to change the address too often

const EPOCH = /^\d{1,6}(\.\d{1,6})?$/
const LAYER = /^\d{1,2}$/
const UNIT = /^\d{1,6}$/

/** @returns {Place & { run: string | null }} */
export function read() {
  const query = new URLSearchParams(window.location.search)
  return {
    run: query.get("run"),
    epoch: number(query.get("epoch"), EPOCH),
    layer: number(query.get("layer"), LAYER),
    unit: number(query.get("unit"), UNIT),
  }
}

/**
 * @param {string | null} text
 * @param {RegExp} allowed
 */
function number(text, allowed) {
  return text !== null && allowed.test(text) ? Number(text) : null
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer

/**
 * `null` values leave the address.
 * @param {Place} values
 */
export function write(values) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    const url = new URL(window.location.href)
    for (const key of KEYS) {
      const value = values[key]
      if (value === null) url.searchParams.delete(key)
      else url.searchParams.set(key, String(value))
    }
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url)
  }, CALM)
}

export function cancel() {
  clearTimeout(timer)
}
