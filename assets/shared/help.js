// What stands behind a (?): what to look for, the formula, the unit and the split.

/** @import { CardHelp, Help } from "./messages.js" */

import { el } from "./dom.js"
import { WORDS } from "./words.js"

let count = 0

/**
 * A round (?) button and the panel it opens; Escape or a click elsewhere closes it.
 * @param {Partial<CardHelp> & Pick<Help, "question" | "look">} texts
 * @returns {[HTMLButtonElement, HTMLDivElement]}
 */
export function help(texts) {
  const id = `lab-help-${++count}`
  const panel = el(
    "div",
    { class: "lab-help", id, popover: "auto", role: "note", "aria-label": texts.question },
    el("p", { class: "lab-help-look" }, texts.look),
    ...entry(WORDS.help.formula, texts.formula),
    ...entry(WORDS.help.unit, texts.unit),
    ...entry(WORDS.help.split, texts.split),
    ...entry(WORDS.help.lies, texts.lies),
  )
  const button = el(
    "button",
    {
      type: "button",
      class: "lab-tool lab-tool-help",
      popovertarget: id,
      "aria-label": WORDS.tools.help(texts.question),
    },
    "?",
  )
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "open") place(panel, button)
  })
  return [button, panel]
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function entry(name, text) {
  return text ? [el("p", {}, el("b", {}, `${name}: `), text)] : []
}

/**
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 */
function place(panel, button) {
  const spot = button.getBoundingClientRect()
  const width = panel.offsetWidth
  const below = spot.bottom + panel.offsetHeight + 12 < window.innerHeight
  panel.style.left = `${Math.max(12, Math.min(spot.right - width, window.innerWidth - width - 12))}px`
  panel.style.top = below ? `${spot.bottom + 6}px` : `${Math.max(12, spot.top - panel.offsetHeight - 6)}px`
}
