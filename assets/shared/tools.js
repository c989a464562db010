// The head of a panel: its title, and the tools beside it.

/** @import { CardHelp, Help } from "./messages.js" */

import { el } from "./dom.js"
import { help } from "./help.js"
import { WORDS } from "./words.js"

/**
 * @param {Node | string} title
 * @param {(Node | string)[]} tools
 */
export function head(title, ...tools) {
  return el(
    "div",
    { class: "lab-head" },
    typeof title === "string" ? el("h2", { class: "lab-title" }, title) : title,
    ...(tools.length ? [el("span", { class: "lab-tools" }, ...tools)] : []),
  )
}

/**
 * A question as the title, with its (?) as the last tool.
 * @param {Partial<CardHelp> & Pick<Help, "question" | "look">} texts
 * @param {(Node | string)[]} tools
 */
export function questionHead(texts, ...tools) {
  return head(texts.question, ...tools, ...help(texts))
}

/**
 * A button that is pressed or not.
 * @param {string} text
 * @param {string} label
 * @param {(isPressed: boolean) => void} onToggle
 */
export function toggle(text, label, onToggle) {
  const node = el("button", { type: "button", class: "lab-tool", "aria-pressed": "false", "aria-label": label }, text)
  node.onclick = () => {
    const isPressed = node.getAttribute("aria-pressed") !== "true"
    node.setAttribute("aria-pressed", String(isPressed))
    onToggle(isPressed)
  }
  return node
}

/**
 * From a drawing to its numbers, and back.
 * @param {string} question that both answer
 * @param {(isTabled: boolean) => void} onToggle
 */
export function tableToggle(question, onToggle) {
  return toggle(WORDS.tools.table, WORDS.tools.tableOf(question), onToggle)
}

/**
 * Where those numbers stand.
 * @param {string} question
 */
export function numbersOf(question) {
  return el("div", {
    class: "lab-numbers",
    hidden: true,
    tabindex: 0,
    role: "region",
    "aria-label": WORDS.tools.numbersOf(question),
  })
}

/**
 * A link that saves numbers as a CSV file.
 * @param {string} label
 * @param {Record<string, unknown>} more attributes
 */
export function csvLink(label, more = {}) {
  return el("a", { class: "lab-tool", download: "", "aria-label": label, ...more }, WORDS.tools.csv)
}

/**
 * Point a `csvLink` at rows that are here.
 * @param {HTMLAnchorElement} link
 * @param {string} text
 * @param {string} name of the file
 */
export function offerCsv(link, text, name) {
  link.href = `data:text/csv;charset=utf-8,${encodeURIComponent(text)}`
  link.download = name
  link.hidden = false
}

/**
 * A link that saves the picture on the screen; hidden until there is one.
 * @param {string} label
 */
export function pictureLink(label) {
  return el("a", { class: "lab-tool", hidden: true, "aria-label": label }, WORDS.tools.png)
}

/**
 * Point a `pictureLink` at the picture now shown.
 * @param {HTMLAnchorElement} link
 * @param {string} url
 * @param {string} name
 */
export function offerPicture(link, url, name) {
  link.href = url
  link.download = `${name}.png`
  link.hidden = false
}
