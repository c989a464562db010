// Where one looks, in the address of the page: epoch, layer and unit beside the run. It never starts anything.

const KEYS = ["epoch", "layer", "unit"]
const CALM = 250 // ms; browsers refuse to change the address too often

export function read() {
  const query = new URLSearchParams(window.location.search)
  return {
    run: query.get("run"),
    epoch: number(query.get("epoch"), /^\d{1,6}(\.\d{1,6})?$/),
    layer: number(query.get("layer"), /^\d{1,2}$/),
    unit: number(query.get("unit"), /^\d{1,6}$/),
  }
}

function number(text, allowed) {
  return text !== null && allowed.test(text) ? Number(text) : null
}

let timer = 0

/** `null` values leave the address. */
export function write(values) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    const url = new URL(window.location.href)
    for (const key of KEYS) {
      if (values[key] === null || values[key] === undefined) url.searchParams.delete(key)
      else url.searchParams.set(key, values[key])
    }
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url)
  }, CALM)
}

export function cancel() {
  clearTimeout(timer)
}
