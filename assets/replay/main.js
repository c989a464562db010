// Draws a replay from the data in its page. `dbn_core/archive/script.py` puts this and what it imports into the file.

/** @import { ReplayData } from "../shared/messages.js" */

import { App } from "./app.js"

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function part(id) {
  const node = document.getElementById(id)
  if (!node) throw new Error(`There is no element "${id}" in this page: the file is damaged. Export the run again.`)
  return node
}

/** @type {ReplayData} */
const data = JSON.parse(part("data").textContent)
new App(data, part("replay"))
