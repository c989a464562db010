// How the run was set up: every setting, those that are not the usual ones in bold.

/** @import { ReplaySetting } from "../shared/messages.js" */

import { el } from "../shared/dom.js"
import { WORDS } from "./words.js"

/** @param {ReplaySetting[]} all */
export function settings(all) {
  const rows = all.map(({ label, value, unit, usual }) => {
    const shown = unit ? `${value} ${unit}` : value
    return el("div", { class: usual ? null : "changed" }, el("dt", {}, label), el("dd", {}, shown))
  })
  const legend = el("span", { class: "caption" }, WORDS.unusual)
  return el(
    "section",
    { class: "panel stack", "aria-label": WORDS.settings },
    el("div", { class: "bar" }, el("h2", {}, WORDS.howSetUp), legend),
    el("dl", { class: "settings", "data-testid": "settings" }, ...rows),
  )
}
