// The confusion matrix as a table of buttons, and as CSV.

/** @import { ConfusionRow } from "../shared/messages.js" */

import { el } from "../shared/dom.js"
import { counted } from "../shared/numbers.js"
import { WORDS } from "./words.js"

const { mistakes: words } = WORDS

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }

/**
 * The matrix as a table of buttons; arrow keys walk over it.
 * @param {ConfusionRow} row
 * @param {string[]} names
 * @param {(truth: number, guess: number) => void} open
 */
export function matrix(row, names, open) {
  const size = names.length
  /** @type {HTMLButtonElement[][]} */
  const cells = row.confusion.map((counts, truth) => {
    const wrong = counts.reduce((sum, count, guess) => sum + (guess === truth ? 0 : count), 0)
    const most = Math.max(1, ...counts.filter((_, guess) => guess !== truth))
    return counts.map((count, guess) => {
      const share = guess === truth ? 0 : (count / most) * Math.min(1, wrong / 3)
      const button = el(
        "button",
        {
          type: "button",
          tabindex: -1,
          class: guess === truth ? "labc-cell labc-right" : "labc-cell",
          style: `--share: ${(70 * share).toFixed(0)}%`,
          "data-cell": `${truth}-${guess}`,
          "aria-label": words.cell(count, words.taken(names[truth], names[guess])),
          onclick: () => open(truth, guess),
        },
        count ? counted(count) : "",
      )
      button.onkeydown = (event) => {
        const [down, right] = ARROWS[event.key] ?? [0, 0]
        if (!down && !right) return
        event.preventDefault()
        const target = cells[(truth + down + size) % size][(guess + right + size) % size]
        target.focus()
        target.click()
      }
      return button
    })
  })
  const error = (/** @type {number | null} */ value) => (value === null ? words.noError : words.classError(value))
  return el(
    "table",
    { class: "labc-table", "data-testid": "labc-matrix" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("td", { class: "labc-corner" }, words.shows, el("br"), words.takenFor),
        ...names.map((name) => el("th", { scope: "col" }, name)),
        el("th", { scope: "col", class: "labc-wrong" }, words.wrong),
      ),
    ),
    el(
      "tbody",
      {},
      ...cells.map((buttons, truth) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, names[truth]),
          ...buttons.map((button) => el("td", {}, button)),
          el("td", { class: "labc-wrong" }, error(row.class_errors[truth])),
        ),
      ),
    ),
  )
}

/**
 * @param {ConfusionRow} row
 * @param {string[]} names
 */
export function csv(row, names) {
  const quoted = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`
  const lines = [
    ["true class", ...names].map(quoted).join(","),
    ...row.confusion.map((counts, truth) => [quoted(names[truth]), ...counts].join(",")),
  ]
  return `${lines.join("\n")}\n`
}
