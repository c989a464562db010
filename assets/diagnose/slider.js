// One moment for all cards: a native range over the frames of a run, which follows a live run while at its right end.

import { el, say, show } from "./dom.js"

export class Slider {
  constructor(onMove) {
    this.onMove = onMove
    this.index = 0
    this.count = 0
    this.follow = true
    this.range = el("input", { type: "range", min: 0, max: 0, value: 0, step: 1, class: "labd-range", "aria-label": "Epoch shown by the cards", "data-testid": "labd-range" })
    this.range.oninput = () => this.byHand(Number(this.range.value))
    this.where = el("output", { class: "labd-where", "data-testid": "labd-where" })
    this.back = el("button", { type: "button", class: "lab-tool", onclick: () => this.byHand(this.index - 1), "aria-label": "One moment back" }, "‹")
    this.on = el("button", { type: "button", class: "lab-tool", onclick: () => this.byHand(this.index + 1), "aria-label": "One moment on" }, "›")
    this.node = el("div", { class: "labd-slider" }, this.back, this.range, this.on, this.where)
  }

  byHand(index) {
    if (index < 0 || index >= this.count) return
    this.index = index
    this.follow = index === this.count - 1
    this.onMove()
  }

  /** The run has these frames now. */
  update(list, alive, label) {
    const shown = this.index
    this.count = list.length
    this.index = this.follow ? Math.max(0, this.count - 1) : Math.min(shown, Math.max(0, this.count - 1))
    this.range.max = String(Math.max(0, this.count - 1))
    this.range.value = String(this.index)
    this.range.disabled = this.count < 2
    show(this.node, this.count > 0)
    const frame = list[this.index]
    const words = frame ? `${label(frame.stage)}, epoch ${frame.epoch.toFixed(2)}` : ""
    const how = frame && alive ? this.follow ? " · following" : " · held" : ""
    say(this.where, words + how)
    this.range.setAttribute("aria-valuetext", words)
  }

  clear() {
    this.index = this.count = 0
    this.follow = true
  }
}
