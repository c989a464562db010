// Marks on tiles of units that take no part: they hold for whatever the tiles show.

/** @import { UnitStates } from "./messages.js" */

import { el } from "./dom.js"
import { WORDS } from "./words.js"

const KINDS = /** @type {const} */ (["dead", "always_on", "constant"])
const { units: words } = WORDS

/**
 * The words and the sign for a unit that takes no part; null for any other.
 * @param {UnitStates} states
 * @param {number} unit
 */
export function stateOf(states, unit) {
  const kind = KINDS.find((name) => states[name].includes(unit))
  return kind ? words[kind] : null
}

/**
 * How many units are marked, as in "among them 2 dead ✕, 1 always on ●"; "" for none.
 * @param {UnitStates | null} states of the units that are shown
 */
export function inWords(states) {
  const marked = KINDS.filter((name) => states?.[name].length)
  if (!states || !marked.length) return ""
  return words.among(
    marked.map((name) => `${states[name].length} ${words[name].several} ${words[name].sign}`).join(", "),
  )
}

/** Marks above a picture of tiles. */
export class UnitMarks {
  constructor() {
    this.node = el("div", { class: "lab-marks", "aria-hidden": "true" })
    this.key = ""
  }

  /**
   * @param {UnitStates | null} states
   * @param {{ columns: number, rows: number, ratio: number }} shape `ratio` of the picture, width to height
   */
  lay(states, { columns, rows, ratio }) {
    const key = JSON.stringify([states, columns, rows, ratio])
    if (this.key === key) return
    this.key = key
    this.node.style.aspectRatio = String(ratio)
    this.node.style.gridTemplate = `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)`
    const marks = states ? KINDS.flatMap((name) => states[name].map((unit) => ({ unit, name }))) : []
    this.node.replaceChildren(
      ...marks.map(({ unit, name }) => {
        const mark = el("span", { class: "lab-unit-mark", "data-state": name, "data-unit": unit }, words[name].sign)
        mark.style.gridArea = `${Math.floor(unit / columns) + 1} / ${(unit % columns) + 1}`
        return mark
      }),
    )
  }

  clear() {
    this.key = ""
    this.node.replaceChildren()
  }
}
