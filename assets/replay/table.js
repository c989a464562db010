// The parts of a table.

import { el } from "../shared/dom.js"

/** @typedef {{ name: string, isText?: boolean }} Column `isText`: not of numbers */

/** @param {Column[]} columns */
export function head(columns) {
  const cells = columns.map(({ name, isText }) => el("th", { scope: "col", class: isText ? "text" : null }, name))
  return el("thead", {}, el("tr", {}, ...cells))
}

/**
 * A table in a box that scrolls, by keys as well.
 * @param {string} name
 * @param {HTMLTableElement} table
 */
export function scrolling(name, table) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, table)
}
