// The curves of the Train page with a mark at the scrubber's moment. The mark is an element above each plot, so moving
// it draws no curve anew.

import { Charts } from "./charts.js"
import { el, show } from "./dom.js"

const LEFT = 52 // px of the plots' margins, as in charts.js
const RIGHT = 10
const STILL = 4 // px within which a press is no drag

export class Curves extends Charts {
  /** `onPick(epoch)` is called when a person clicks into a curve. */
  constructor(specs, csv, onPick) {
    super(specs, csv)
    this.onPick = onPick
    this.epoch = null
    this.marks = this.charts.map((chart) => {
      const mark = el("div", { class: "labf-mark", hidden: true, "data-testid": `labf-mark-${chart.spec.key}` })
      chart.node.querySelector(".lab-canvas").append(mark)
      return mark
    })
    this.listening = new WeakSet()
  }

  draw(scene) {
    super.draw(scene)
    for (const { plot } of this.charts) this.listenTo(plot)
    this.place()
  }

  /** A press that does not drag: Plotly's own click waits for a hover, which a quick hand outruns. */
  listenTo(plot) {
    if (this.listening.has(plot)) return
    this.listening.add(plot)
    plot.addEventListener("pointerdown", (down) => {
      if (!down.target.closest(".nsewdrag")) return
      const release = (up) => {
        if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < STILL) this.pressed(plot, up.clientX)
      }
      window.addEventListener("pointerup", release, { once: true, capture: true })
    }, true)
  }

  pressed(plot, x) {
    const [from, to] = plot.layout.xaxis.range
    const share = (x - plot.getBoundingClientRect().left - LEFT) / (plot.layout.width - LEFT - RIGHT)
    this.onPick(from + share * (to - from))
  }

  mark(epoch) {
    this.epoch = epoch
    this.place()
  }

  place() {
    this.charts.forEach(({ plot, tabled }, at) => {
      const range = plot.layout?.xaxis?.range
      const width = (plot.layout?.width ?? 0) - LEFT - RIGHT
      const inside = Boolean(range) && this.epoch !== null && !tabled && width > 0 && this.epoch >= range[0] && this.epoch <= range[1]
      show(this.marks[at], inside)
      if (inside) this.marks[at].style.transform = `translateX(${LEFT + (width * (this.epoch - range[0])) / (range[1] - range[0])}px)`
    })
  }
}
