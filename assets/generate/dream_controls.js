// What is to be dreamt: start, label, temperature, what is kept, how many chains and steps, and a board to draw on.

/** @import { GenerateData } from "../shared/messages.js" */
/** @import { Option } from "./controls.js" */

import { DrawingBoard, uploader } from "../shared/board.js"
import { el, say, show } from "../shared/dom.js"
import { counted } from "../shared/numbers.js"
import { button, number, select } from "./controls.js"
import { WORDS } from "./words.js"

/**
 * What a dream is asked with; see DreamSettings of the server.
 * @typedef {{
 *   rows: number,
 *   steps: number,
 *   start: string,
 *   label: string | number,
 *   temperature: number,
 *   start_temperature: number,
 *   keep: string,
 *   number: number,
 *   seed: number,
 * }} DreamSettings
 */

/** @typedef {{ dream(): void, onProblem(sentence: string): void }} Host */

const NUMBER = /^\d+$/
const STEPS = [20, 50, 100, 200, 500, 1000, 2000, 5000]
const { controls: words } = WORDS

export class DreamControls {
  /**
   * @param {GenerateData} data
   * @param {Host} host
   */
  constructor(data, host) {
    const { labels, columns, classes } = data
    const { tips } = data.texts.dream
    this.data = data
    this.host = host
    /** @type {string | null} */
    this.drawing = null // base64
    /** @type {DreamSettings} */
    const now = {
      rows: 5,
      steps: 200,
      start: "noise",
      label: labels && classes.length === columns ? "each" : "free",
      temperature: 1,
      start_temperature: 1,
      keep: "none",
      number: 0,
      seed: 0,
    }
    this.settings = now
    const change = (/** @type {Partial<DreamSettings>} */ settings) => {
      Object.assign(now, settings)
      this.adapt()
    }
    const label = select(
      words.label,
      this.labels(),
      now.label,
      (value) => change({ label: NUMBER.test(value) ? Number(value) : value }),
      tips.label,
    )
    label.box.disabled = !labels
    if (!labels) label.node.title = tips.no_labels
    this.start = select(words.start, Object.entries(words.starts), now.start, (start) => change({ start }), tips.start)
    const keep = select(words.keep, Object.entries(words.kept), now.keep, (value) => this.keep(value), tips.keep)
    const steps = select(
      words.steps,
      STEPS.map((count) => [count, counted(count)]),
      now.steps,
      (value) => change({ steps: Number(value) }),
      tips.steps,
    )
    const rows = select(
      words.rows,
      Array.from({ length: 10 }, (_, at) => [at + 1, `${at + 1}`]),
      now.rows,
      (value) => change({ rows: Number(value) }),
      tips.rows,
    )
    const degrees = { min: 0.1, max: 10, step: 0.1, value: 1 }
    const temperature = number(words.temperature, degrees, (value) => this.cool(value), tips.temperature)
    this.hot = number(words.cooling, degrees, (value) => this.heat(value), tips.start_temperature)
    this.seed = number(
      words.seed,
      { min: 0, max: 2 ** 31 - 1, step: 1, value: 0 },
      (seed) => change({ seed }),
      tips.seed,
    )
    this.other = button(words.otherImages, () => this.otherImages(), { title: tips.other })
    this.go = button(words.dream, () => host.dream(), { "data-testid": "labg-go", class: "labd-button labg-primary" })
    this.caution = el("p", { class: "labd-foot labg-caution" })
    this.paper = this.sketch()
    this.node = el(
      "div",
      {},
      el(
        "div",
        { class: "labg-controls" },
        this.start.node,
        label.node,
        keep.node,
        steps.node,
        temperature.node,
        this.hot.node,
        rows.node,
        this.seed.node,
        el(
          "span",
          { class: "labg-buttons" },
          this.go,
          button(words.otherSeed, () => this.otherSeed(), { title: tips.other_seed }),
          this.other,
        ),
      ),
      this.caution,
    )
    this.adapt()
  }

  /** @returns {Option[]} */
  labels() {
    const { classes, columns } = this.data
    return [
      ["free", words.free],
      ...(classes.length === columns ? [/** @type {Option} */ (["each", words.each])] : []),
      ...classes.map((name, index) => /** @type {Option} */ ([index, words.all(name)])),
    ]
  }

  sketch() {
    const drawn = (/** @type {string} */ picture) => {
      this.drawing = picture
      this.host.dream()
    }
    const board = new DrawingBoard({
      label: words.board,
      onChange: (changed, finished) => finished && !changed.isEmpty && drawn(changed.picture()),
    })
    const file = uploader(words.upload, this.data.most_bytes, drawn, (sentence) => this.host.onProblem(sentence))
    return el(
      "div",
      { class: "labg-paper", hidden: true },
      board.node,
      el("div", {}, el("p", { class: "labd-foot" }, this.data.texts.dream.drawing), file),
    )
  }

  // -- controls that follow from others -----------------------------------------------------------------------------------

  adapt() {
    const { start, keep } = this.settings
    const { keep_deep: deep, keep_exact: exact } = this.data.texts.dream
    show(this.paper, start === "drawing")
    show(this.other, start === "images")
    const kept = this.data.deep ? deep : exact
    const sentence = keep === "none" ? "" : kept
    say(this.caution, sentence)
    show(this.caution, Boolean(sentence))
  }

  /**
   * Half of an image: there has to be one.
   * @param {string} half
   */
  keep(half) {
    this.settings.keep = half
    if (half !== "none" && this.settings.start === "noise") this.start.box.value = this.settings.start = "images"
    this.adapt()
  }

  /** @param {number} temperature */
  cool(temperature) {
    this.settings.temperature = temperature
    if (this.settings.start_temperature < temperature) this.heat(temperature)
  }

  /**
   * Never colder than where it cools to.
   * @param {number} temperature
   */
  heat(temperature) {
    this.settings.start_temperature = Math.max(temperature, this.settings.temperature)
    this.hot.box.value = String(this.settings.start_temperature)
  }

  otherImages() {
    this.settings.number += 1
    this.host.dream()
  }

  otherSeed() {
    this.settings.seed += 1
    this.seed.box.value = String(this.settings.seed)
    this.host.dream()
  }

  // -- asking -------------------------------------------------------------------------------------------------------------

  /** Why nothing can be dreamt as it is asked for; "" when it can. */
  get problem() {
    const { start, keep } = this.settings
    const { no_drawing: noDrawing, no_image: noImage } = this.data.texts.dream
    if (start === "drawing" && !this.drawing) return noDrawing
    return start === "noise" && keep !== "none" ? noImage : ""
  }

  get question() {
    const { start } = this.settings
    const drawing = start === "drawing" ? { drawing: this.drawing } : {}
    return { checkpoint: this.data.checkpoint, settings: { ...this.settings }, ...drawing }
  }

  /** @param {boolean} busy */
  wait(busy) {
    this.go.disabled = busy
    say(this.go, busy ? words.dreaming : words.dream)
  }
}
