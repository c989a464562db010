// A button that has a worker asked; hidden until there is something to ask.

import { el } from "../shared/dom.js"

/**
 * @param {string} text
 * @param {() => void} onclick
 */
export function askButton(text, onclick) {
  return el("button", { type: "button", class: "labf-ask", hidden: true, onclick }, text)
}
