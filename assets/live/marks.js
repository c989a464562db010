// Marks on the curves: a thin line wherever a command took effect, and labels that never lie on top of each other.

const CHARACTER = 5.1 // px of one character at the size of the labels, on average
const LONGEST = 30
const NEAR = 10 // px between marks that are told as one

/** Shapes for every chart and labels for the top one, for a chart of `width` px that shows epochs `range`. */
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
    annotations: groups.filter((group) => group.label).map((group) => ({
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

/** Marks that are close on the screen become one; a label without room is left to the hover of the one before it. */
export function gather(marks, [from, to], width) {
  const scale = width / Math.max(to - from, 1e-9)
  const groups = []
  for (const mark of marks) {
    if (mark.epoch < from || mark.epoch > to) continue
    const pixel = (mark.epoch - from) * scale
    const last = groups.at(-1)
    if (last && pixel - last.pixel < NEAR) last.marks.push(mark)
    else groups.push({ epoch: mark.epoch, pixel, marks: [mark] })
  }
  let free = 0
  let labelled = null
  for (const group of groups) {
    group.texts = group.marks.map((mark) => `${mark.text} (epoch ${mark.epoch.toFixed(2)}, update ${mark.step})`)
    const text = shortened(group.marks.map((mark) => mark.text))
    const length = text.length * CHARACTER
    group.anchor = group.pixel + length > width ? "right" : "left"
    const begin = group.anchor === "right" ? group.pixel - length : group.pixel
    if (begin >= free) {
      group.label = text
      free = begin + length + 8
      labelled = group
    } else if (labelled) {
      labelled.texts.push(...group.texts)
    }
  }
  return groups
}

function shortened(texts) {
  const first = texts[0].length > LONGEST ? `${texts[0].slice(0, LONGEST - 1)}…` : texts[0]
  return texts.length > 1 ? `${first} +${texts.length - 1}` : first
}
