// A part of one unit's life: a question, its (?) and what answers it.

/** @import { Help } from "../shared/messages.js" */

import { el } from "../shared/dom.js"
import { help } from "../shared/help.js"

/**
 * @param {string} name
 * @param {Help} texts
 * @param {HTMLElement} body
 */
export function section(name, texts, body) {
  const head = el("div", { class: "labf-section-head" }, el("h3", {}, texts.question), ...help(texts))
  return el("div", { class: `labf-section labf-section-${name}` }, head, body)
}
