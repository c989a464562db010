// Marks on the curves: a thin line wherever a command took effect, and labels that never lie on top of each other.

/** @import { Colours } from "./scene.js" */
/** @import { Placed } from "./series.js" */

import { WORDS } from "./words.js"

/** @typedef {{ epoch: number, pixel: number, marks: Placed[] }} Near marks that are told as one */
/** @typedef {Near & { texts: string[], anchor: "left" | "right", label: string }} Group */

const CHARACTER = 5.1 // px of one character at the size of the labels, on average
const LONGEST = 30
const NEAR = 10 // px between marks that are told as one

/**
 * Shapes for every chart and labels for the top one, for a chart of `width` px that shows epochs `range`.
 * @param {Placed[]} marks
 * @param {[number, number]} range
 * @param {number} width
 * @param {Pick<Colours, "muted">} colours
 */
export function drawMarks(marks, range, width, colours) {
  const groups = gather(marks, range, width)
  return {
    shapes: groups.map((group) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: group.epoch,
      x1: group.epoch,
      y0: 0,
      y1: 1,
      line: { color: colours.muted, width: 1, dash: "dot" },
      layer: "below",
    })),
    annotations: groups
      .filter((group) => group.label)
      .map((group) => ({
        xref: "x",
        yref: "paper",
        x: group.epoch,
        y: 1,
        xanchor: group.anchor,
        yanchor: "bottom",
        text: group.label,
        hovertext: group.texts.join("<br>"),
        showarrow: false,
        font: { size: 10, color: colours.muted },
        captureevents: true,
      })),
  }
}

/**
 * Marks that are close on the screen become one; a label without room is left to the hover of the one before it.
 * @param {Placed[]} marks
 * @param {[number, number]} range
 * @param {number} width
 */
export function gather(marks, [from, to], width) {
  const scale = width / Math.max(to - from, 1e-9)
  const inside = marks.filter((mark) => mark.epoch >= from && mark.epoch <= to)
  /** @type {Group[]} */
  const groups = []
  let free = 0
  /** @type {Group | null} */
  let labelled = null
  for (const group of near(inside, (epoch) => (epoch - from) * scale)) {
    const texts = group.marks.map((mark) => WORDS.chart.mark(mark.text, mark.epoch, mark.step))
    const label = shortened(group.marks.map((mark) => mark.text))
    const length = label.length * CHARACTER
    const anchor = group.pixel + length > width ? "right" : "left"
    const begin = anchor === "right" ? group.pixel - length : group.pixel
    const hasRoom = begin >= free
    const placed = /** @type {Group} */ ({ ...group, texts, anchor, label: hasRoom ? label : "" })
    groups.push(placed)
    if (hasRoom) {
      free = begin + length + 8
      labelled = placed
    } else labelled?.texts.push(...texts)
  }
  return groups
}

/**
 * Marks by groups: each begins where the one before it is further away than `NEAR`.
 * @param {Placed[]} marks
 * @param {(epoch: number) => number} pixelOf
 * @returns {Near[]}
 */
function near(marks, pixelOf) {
  /** @type {Near[]} */
  const groups = []
  for (const mark of marks) {
    const pixel = pixelOf(mark.epoch)
    const last = groups.at(-1)
    if (last && pixel - last.pixel < NEAR) last.marks.push(mark)
    else groups.push({ epoch: mark.epoch, pixel, marks: [mark] })
  }
  return groups
}

/** @param {string[]} texts */
function shortened(texts) {
  const first = texts[0].length > LONGEST ? `${texts[0].slice(0, LONGEST - 1)}…` : texts[0]
  return texts.length > 1 ? `${first} +${texts.length - 1}` : first
}
