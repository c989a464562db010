// From one held-out image to another, through the top features and through the pixels.

/** @import { GenerateData, Interpolation } from "../shared/messages.js" */
/** @import { Option } from "./controls.js" */
/** @import { Scene } from "./scene.js" */

import { ask } from "../shared/asking.js"
import { el, say, show } from "../shared/dom.js"
import { questionHead } from "../shared/tools.js"
import { WORDS as SHARED } from "../shared/words.js"
import { button, select } from "./controls.js"
import { WORDS } from "./words.js"

const { interpolation: words } = WORDS

export class InterpolationPanel {
  /** @param {GenerateData} data */
  constructor(data) {
    this.data = data
    this.asking = false
    this.again = false
    this.theme = "" // of the pictures on the screen
    /** @type {Scene | null} */
    this.scene = null
    const { texts, classes } = data
    this.texts = texts.interpolation
    this.ends = [
      { label: Math.min(3, Math.max(0, classes.length - 1)), number: 0 },
      { label: Math.min(8, Math.max(0, classes.length - 1)), number: classes.length ? 0 : 1 },
    ]
    this.problem = el("p", { class: "labd-problem labg-problem", role: "alert", hidden: true })
    this.go = button(words.go, () => this.ask(), { "data-testid": "labg-interpolate" })
    this.through = el("img", { class: "labg-strip", hidden: true, "data-testid": "labg-through" })
    this.plain = el("img", { class: "labg-strip", hidden: true })
    this.foot = el("p", { class: "labd-foot" }, this.texts.empty)
    this.rows = el(
      "div",
      { class: "labg-strips", hidden: true },
      el("span", {}, words.features),
      this.through,
      el("span", {}, words.pixels),
      this.plain,
    )
    this.node = el(
      "section",
      { class: "lab-panel labg-interpolation", "data-testid": "labg-interpolation" },
      questionHead(this.texts.help),
      el(
        "div",
        { class: "labg-controls" },
        ...this.end(0),
        ...this.end(1),
        el("span", { class: "labg-buttons" }, this.go),
      ),
      this.problem,
      this.rows,
      this.foot,
    )
  }

  /**
   * The controls of one end.
   * @param {number} at 0 or 1
   */
  end(at) {
    const { classes } = this.data
    const { label, another } = words.ends[at]
    const other = button(
      words.another,
      () => {
        this.ends[at].number += classes.length ? 1 : 2
        this.ask()
      },
      { title: this.texts.another, "aria-label": another },
    )
    if (!classes.length) return [el("span", { class: "labg-buttons" }, el("span", {}, label), other)]
    const chosen = select(
      label,
      classes.map((name, index) => /** @type {Option} */ ([index, name])),
      this.ends[at].label,
      (value) => {
        this.ends[at] = { label: Number(value), number: 0 }
        this.ask()
      },
      this.texts.class,
    )
    return [chosen.node, el("span", { class: "labg-buttons" }, other)]
  }

  async ask() {
    if (this.asking) {
      this.again = true // the newest wish is asked when the one on its way has come
      return
    }
    this.asking = true
    this.go.disabled = true
    say(this.go, SHARED.asking)
    try {
      const [first, second] = this.ends.map(({ label, number }) => [label, number])
      const theme = this.scene?.theme ?? "light"
      /** @type {Interpolation} */
      const answer = await ask(`${this.data.addresses.ask}/interpolation`, {
        checkpoint: this.data.checkpoint,
        theme,
        first,
        second,
      })
      this.theme = theme
      this.take(answer)
      show(this.problem, false)
    } catch (error) {
      say(this.problem, /** @type {Error} */ (error).message)
      show(this.problem, true)
    } finally {
      this.asking = false
      this.go.disabled = false
      say(this.go, words.go)
    }
    if (this.again) {
      this.again = false
      this.ask()
    }
  }

  /** @param {Interpolation} answer */
  take({ through, plain, count, distance }) {
    this.through.src = through
    this.plain.src = plain
    const sum = (/** @type {number[]} */ row) => row.reduce((total, value) => total + value, 0)
    const [network, pixels] = distance.map((row) => row.map((value) => value ?? 0))
    const largest = (100 * Math.max(...network)) / sum(network)
    this.through.alt = words.through(count)
    this.plain.alt = words.plain
    for (const node of [this.rows, this.through, this.plain]) show(node, true)
    say(this.foot, words.about(count - 1, largest, sum(network) / Math.max(sum(pixels), 1e-9)))
  }

  /** @param {Scene} scene */
  update(scene) {
    this.scene = scene
    if (this.theme && this.theme !== scene.theme) this.ask()
  }

  close() {}
}
