// Where each chain stands in the picture of all, and a frame around the chosen one.

import { el, show } from "../shared/dom.js"

const TILE_GAP = 2 // as in the picture, before it is enlarged

/** @typedef {{ columns: number, rows: number }} Grid */

export class ChainFrame {
  /** @param {HTMLCanvasElement} sheet */
  constructor(sheet) {
    this.sheet = sheet
    this.node = el("div", { class: "labg-frame" })
  }

  /**
   * The chain under the pointer.
   * @param {MouseEvent} event
   * @param {Grid} grid
   */
  at(event, { columns, rows }) {
    const box = this.sheet.getBoundingClientRect()
    const column = Math.min(columns - 1, Math.floor(((event.clientX - box.left) / box.width) * columns))
    const row = Math.min(rows - 1, Math.floor(((event.clientY - box.top) / box.height) * rows))
    return row * columns + column
  }

  /**
   * Around a chain, or around none.
   * @param {number | null} chain
   * @param {Grid} grid
   */
  draw(chain, { columns, rows }) {
    show(this.node, chain !== null)
    if (chain === null) return
    const [width, height] = [this.sheet.width + TILE_GAP, this.sheet.height + TILE_GAP]
    const scale = this.sheet.clientWidth / this.sheet.width
    const [column, row] = [chain % columns, Math.floor(chain / columns)]
    Object.assign(this.node.style, {
      left: `${((column * width) / columns) * scale - 2}px`,
      top: `${((row * height) / rows) * scale - 2}px`,
      width: `${(width / columns - TILE_GAP) * scale + 4}px`,
      height: `${(height / rows - TILE_GAP) * scale + 4}px`,
    })
  }
}
