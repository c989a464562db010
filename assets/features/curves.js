// The curves of the Train page with a mark at the scrubber's moment. The mark is an element above each plot, so moving
// it draws no curve anew.

/** @import { Chart } from "../shared/messages.js" */
/** @import { ChartScene, PlotElement } from "../shared/scene.js" */

import { Charts } from "../shared/charts.js"
import { el, show } from "../shared/dom.js"

const LEFT = 52 // px of the plots' margins, as in charts.js
const RIGHT = 10
const STILL = 4 // px within which a press is no drag

export class Curves extends Charts {
  /**
   * @param {Chart[]} specs
   * @param {string} csv
   * @param {(epoch: number) => void} onPick called when a person clicks into a curve
   */
  constructor(specs, csv, onPick) {
    super(specs, csv)
    this.onPick = onPick
    /** @type {number | null} */
    this.epoch = null
    this.marks = this.charts.map((chart) => {
      const mark = el("div", { class: "labf-mark", hidden: true, "data-testid": `labf-mark-${chart.spec.key}` })
      chart.canvas.append(mark)
      return mark
    })
    /** @type {WeakSet<PlotElement>} */
    this.listening = new WeakSet()
  }

  /** @param {ChartScene} scene */
  draw(scene) {
    super.draw(scene)
    for (const { plot } of this.charts) this.listenTo(plot)
    this.place()
  }

  /**
   * A press that does not drag: Plotly's own click waits for a hover, which a quick hand outruns.
   * @param {PlotElement} plot
   */
  listenTo(plot) {
    if (this.listening.has(plot)) return
    this.listening.add(plot)
    plot.addEventListener(
      "pointerdown",
      (down) => {
        if (!(down.target instanceof Element && down.target.closest(".nsewdrag"))) return
        const release = (/** @type {PointerEvent} */ up) => {
          if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < STILL) this.pressed(plot, up.clientX)
        }
        window.addEventListener("pointerup", release, { once: true, capture: true })
      },
      true,
    )
  }

  /**
   * @param {PlotElement} plot
   * @param {number} x px in the window
   */
  pressed(plot, x) {
    if (!plot.layout) return
    const [from, to] = plot.layout.xaxis.range
    const share = (x - plot.getBoundingClientRect().left - LEFT) / (plot.layout.width - LEFT - RIGHT)
    this.onPick(from + share * (to - from))
  }

  /** @param {number} epoch */
  mark(epoch) {
    this.epoch = epoch
    this.place()
  }

  place() {
    const { epoch } = this
    for (const [at, { plot, tabled }] of this.charts.entries()) {
      const [from, to] = plot.layout?.xaxis?.range ?? [0, 0]
      const width = (plot.layout?.width ?? 0) - LEFT - RIGHT
      const isInside = epoch !== null && !tabled && width > 0 && to > from && epoch >= from && epoch <= to
      show(this.marks[at], isInside)
      if (isInside) this.marks[at].style.transform = `translateX(${LEFT + (width * (epoch - from)) / (to - from)}px)`
    }
  }
}
