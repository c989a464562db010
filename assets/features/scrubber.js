// One scrubber over everything that was recorded: a native range, buttons, play with a speed, and following a live run.

import { choice, el, say, show } from "./dom.js"

const RATE = 6 // positions a second at normal speed
const SPEEDS = { "x0.5": "½×", x1: "1×", x2: "2×", x4: "4×" } // no plain numbers: those would be sorted first
const INTERACTIVE = "input, textarea, select, button, a, summary, [contenteditable], [role=combobox], [role=listbox], [role=option], [role=tab], [role=dialog]"

export class Scrubber {
  /** `onMove(index)` is called for every move of a person's or of the player's; `isReady()` says whether it is drawn. */
  constructor(onMove, isReady) {
    this.onMove = onMove
    this.isReady = isReady
    this.index = 0
    this.count = 0
    this.follow = true
    this.alive = false
    this.speed = 1
    this.timer = 0
    this.build()
    this.onKey = (event) => this.key(event)
    document.addEventListener("keydown", this.onKey)
  }

  build() {
    this.range = el("input", { type: "range", min: 0, max: 0, value: 0, step: 1, class: "labf-range", "aria-label": "Moment of the run", "data-testid": "labf-range" })
    this.range.oninput = () => this.byHand(Number(this.range.value))
    this.first = this.button("First moment (Home)", "⇤", () => this.byHand(0))
    this.back = this.button("One moment back (left arrow)", "‹", () => this.byHand(this.index - 1))
    this.player = this.button("Play (space)", "▶", () => this.toggle())
    this.player.classList.add("labf-play")
    this.player.dataset.testid = "labf-play"
    this.on = this.button("One moment on (right arrow)", "›", () => this.byHand(this.index + 1))
    this.end = this.button("Last moment (End)", "⇥", () => this.byHand(this.count - 1))
    this.follower = el("button", { type: "button", class: "labf-button labf-follow", "aria-pressed": "true", title: "Stay at the newest moment while the run goes on" }, "follow")
    this.follower.onclick = () => this.setFollow(!this.follow)
    this.speeds = choice("Speed of playing", SPEEDS, "x1", (value) => this.setSpeed(Number(value.slice(1))))
    this.where = el("output", { class: "labf-where", "data-testid": "labf-where" })
    this.node = el(
      "div",
      { class: "labf-scrubber", role: "group", "aria-label": "Scrubber over the run" },
      el("span", { class: "labf-buttons" }, this.first, this.back, this.player, this.on, this.end),
      this.range,
      this.follower,
      this.speeds,
      this.where,
    )
  }

  button(label, sign, onclick) {
    return el("button", { type: "button", class: "labf-button", "aria-label": label, title: label, onclick }, sign)
  }

  /** The film has so many positions now; one stands at `index`. */
  update(count, index, alive, words, ticks) {
    this.count = count
    this.index = index
    this.alive = alive
    this.range.max = String(Math.max(0, count - 1))
    this.range.value = String(index)
    this.range.disabled = count < 2
    for (const button of [this.first, this.back]) button.disabled = index <= 0
    for (const button of [this.on, this.end]) button.disabled = index >= count - 1
    this.player.disabled = count < 2
    say(this.where, words)
    this.range.setAttribute("aria-valuetext", words)
    this.range.style.setProperty("--labf-share", count > 1 ? index / (count - 1) : 0)
    this.range.style.setProperty("--labf-stages", ticks)
    show(this.follower, alive)
    this.follower.setAttribute("aria-pressed", String(this.follow))
  }

  /** A person chose a moment: following goes on only at the right end. */
  byHand(index) {
    this.stop()
    this.move(index)
  }

  move(index) {
    const bounded = Math.max(0, Math.min(this.count - 1, index))
    this.follow = this.alive && bounded === this.count - 1
    this.onMove(bounded)
  }

  setFollow(follow) {
    this.stop()
    this.follow = follow
    this.follower.setAttribute("aria-pressed", String(follow))
    if (follow) this.onMove(this.count - 1)
  }

  // -- playing --------------------------------------------------------------------------------------------------------

  get playing() {
    return this.timer !== 0
  }

  toggle() {
    if (this.playing) return this.stop()
    if (this.count < 2) return
    if (this.index >= this.count - 1) this.move(0)
    this.follow = false
    this.timer = setInterval(() => this.tick(), 1000 / (RATE * this.speed))
    this.showPlayer()
  }

  tick() {
    if (!this.isReady()) return // the next picture is still on its way
    if (this.index >= this.count - 1) this.stop()
    else this.move(this.index + 1)
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    this.showPlayer()
  }

  setSpeed(speed) {
    this.speed = speed
    if (!this.playing) return
    clearInterval(this.timer)
    this.timer = setInterval(() => this.tick(), 1000 / (RATE * speed))
  }

  showPlayer() {
    say(this.player, this.playing ? "❚❚" : "▶")
    const label = this.playing ? "Pause (space)" : "Play (space)"
    this.player.setAttribute("aria-label", label)
    this.player.title = label
  }

  // -- keys -------------------------------------------------------------------------------------------------------------

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !this.count) return
    const inRange = event.target === this.range
    if (!inRange && event.target.closest?.(INTERACTIVE)) return
    const moves = { ArrowLeft: this.index - 1, ArrowRight: this.index + 1, Home: 0, End: this.count - 1 }
    if (event.key === " ") this.toggle()
    else if (!inRange && event.key in moves) this.byHand(moves[event.key])
    else return
    event.preventDefault()
  }

  close() {
    this.stop()
    document.removeEventListener("keydown", this.onKey)
  }
}
