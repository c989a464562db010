// One scrubber over everything that was recorded: a native range, buttons, play with a speed, and following a live run.

import { choice, el, say, show } from "../shared/dom.js"
import { placesRange, setPlaces } from "../shared/range.js"
import { WORDS } from "./words.js"

const RATE = 6 // positions a second at normal speed
const SPEEDS = { "x0.5": "½×", x1: "1×", x2: "2×", x4: "4×" } // no plain numbers: those would be sorted first
const { scrubber: words } = WORDS
const INTERACTIVE =
  "input, textarea, select, button, a, summary, [contenteditable], [role=combobox], [role=listbox], [role=option], [role=tab], [role=dialog]"

export class Scrubber {
  /**
   * @param {(index: number) => void} onMove called for every move of a person's or of the player's
   * @param {() => boolean} isReady whether it is drawn
   */
  constructor(onMove, isReady) {
    this.onMove = onMove
    this.isReady = isReady
    this.index = 0
    this.count = 0
    this.follow = true
    this.alive = false
    this.speed = 1
    /** @type {ReturnType<typeof setInterval> | null} */
    this.timer = null
    this.range = placesRange({ class: "labf-range", "aria-label": words.moment, "data-testid": "labf-range" })
    this.range.oninput = () => this.byHand(Number(this.range.value))
    this.first = this.button(words.first, "⇤", () => this.byHand(0))
    this.back = this.button(words.back, "‹", () => this.byHand(this.index - 1))
    this.player = this.button(words.play, "▶", () => this.toggle())
    this.player.classList.add("labf-play")
    this.player.dataset.testid = "labf-play"
    this.on = this.button(words.on, "›", () => this.byHand(this.index + 1))
    this.end = this.button(words.last, "⇥", () => this.byHand(this.count - 1))
    this.follower = el(
      "button",
      {
        type: "button",
        class: "labf-button labf-follow",
        "aria-pressed": "true",
        title: words.followTitle,
      },
      words.follow,
    )
    this.follower.onclick = () => this.setFollow(!this.follow)
    this.speeds = choice(words.speed, SPEEDS, "x1", (value) => this.setSpeed(Number(value.slice(1))))
    this.where = el("output", { class: "labf-where", "data-testid": "labf-where" })
    this.node = el(
      "div",
      { class: "labf-scrubber", role: "group", "aria-label": words.label },
      el("span", { class: "labf-buttons" }, this.first, this.back, this.player, this.on, this.end),
      this.range,
      this.follower,
      this.speeds,
      this.where,
    )
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event)
    document.addEventListener("keydown", this.onKey)
  }

  /**
   * @param {string} label
   * @param {string} sign
   * @param {() => void} onclick
   */
  button(label, sign, onclick) {
    return el("button", { type: "button", class: "labf-button", "aria-label": label, title: label, onclick }, sign)
  }

  /**
   * The film has so many positions now; one stands at `index`.
   * @param {number} count
   * @param {number} index
   * @param {boolean} alive
   * @param {string} where that is, in words
   * @param {number[]} beginnings of stages, as shares of the film: thin lines in the track
   */
  update(count, index, alive, where, beginnings) {
    this.count = count
    this.index = index
    this.alive = alive
    setPlaces(this.range, count, index)
    for (const button of [this.first, this.back]) button.disabled = index <= 0
    for (const button of [this.on, this.end]) button.disabled = index >= count - 1
    this.player.disabled = count < 2
    say(this.where, where)
    this.range.setAttribute("aria-valuetext", where)
    this.range.style.setProperty("--labf-share", String(count > 1 ? index / (count - 1) : 0))
    this.range.style.setProperty("--labf-stages", beginnings.map(line).join(", ") || "none")
    show(this.follower, alive)
    this.follower.setAttribute("aria-pressed", String(this.follow))
  }

  /**
   * A person chose a moment: following goes on only at the right end.
   * @param {number} index
   */
  byHand(index) {
    this.stop()
    this.move(index)
  }

  /** @param {number} index */
  move(index) {
    const bounded = Math.max(0, Math.min(this.count - 1, index))
    this.follow = this.alive && bounded === this.count - 1
    this.onMove(bounded)
  }

  /** @param {boolean} follow */
  setFollow(follow) {
    this.stop()
    this.follow = follow
    this.follower.setAttribute("aria-pressed", String(follow))
    if (follow) this.onMove(this.count - 1)
  }

  // -- playing --------------------------------------------------------------------------------------------------------

  get playing() {
    return this.timer !== null
  }

  toggle() {
    if (this.playing) {
      this.stop()
      return
    }
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
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    this.showPlayer()
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed
    if (this.timer === null) return
    clearInterval(this.timer)
    this.timer = setInterval(() => this.tick(), 1000 / (RATE * speed))
  }

  showPlayer() {
    say(this.player, this.playing ? "❚❚" : "▶")
    const label = this.playing ? words.pause : words.play
    this.player.setAttribute("aria-label", label)
    this.player.title = label
  }

  // -- keys -------------------------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !this.count) return
    const inRange = event.target === this.range
    if (!inRange && event.target instanceof Element && event.target.closest(INTERACTIVE)) return
    /** @type {Record<string, number>} */
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

/** @param {number} share of the track */
function line(share) {
  return `linear-gradient(var(--lab-muted), var(--lab-muted)) calc(8px + ${share} * (100% - 16px)) 50% / 1px 16px no-repeat`
}
