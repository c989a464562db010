// From one held-out image to another, through the top features and through the pixels.

import { ask, button, select } from "./controls.js"
import { el, say, show } from "./dom.js"
import { help } from "./help.js"

export class InterpolationPanel {
  constructor(data) {
    this.data = data
    const { texts, classes } = data
    this.texts = texts.interpolation
    this.ends = [{ label: Math.min(3, Math.max(0, classes.length - 1)), number: 0 }, { label: Math.min(8, Math.max(0, classes.length - 1)), number: classes.length ? 0 : 1 }]
    this.problem = el("p", { class: "labd-problem labg-problem", role: "alert", hidden: true })
    this.go = button("Interpolate", () => this.ask(), { "data-testid": "labg-interpolate" })
    this.through = el("img", { class: "labg-strip", hidden: true, "data-testid": "labg-through" })
    this.plain = el("img", { class: "labg-strip", hidden: true })
    this.foot = el("p", { class: "labd-foot" }, this.texts.empty)
    this.rows = el("div", { class: "labg-strips", hidden: true },
      el("span", {}, "top features"), this.through, el("span", {}, "pixels"), this.plain)
    this.node = el("section", { class: "lab-panel labg-interpolation", "data-testid": "labg-interpolation" },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, this.texts.help.question), el("span", { class: "lab-tools" }, ...help(this.texts.help))),
      el("div", { class: "labg-controls" }, ...this.end("From", 0), ...this.end("To", 1), el("span", { class: "labg-buttons" }, this.go)),
      this.problem, this.rows, this.foot)
  }

  end(label, at) {
    const { classes } = this.data
    const other = button("Another", () => {
      this.ends[at].number += classes.length ? 1 : 2
      this.ask()
    }, { title: this.texts.another, "aria-label": `Another image, ${label.toLowerCase()}` })
    if (!classes.length) return [el("span", { class: "labg-buttons" }, el("span", {}, label), other)]
    const chosen = select(label, classes.map((name, index) => [index, name]), this.ends[at].label, (value) => {
      this.ends[at] = { label: Number(value), number: 0 }
      this.ask()
    }, this.texts.class)
    return [chosen.node, el("span", { class: "labg-buttons" }, other)]
  }

  async ask() {
    if (this.asking) {
      this.again = true // the newest wish is asked when the one on its way has come
      return
    }
    this.asking = true
    this.go.disabled = true
    say(this.go, "Asking a worker…")
    try {
      const [first, second] = this.ends.map(({ label, number }) => [label, number])
      const answer = await ask(`${this.data.addresses.ask}/interpolation`, { checkpoint: this.data.checkpoint, theme: this.scene.theme, first, second })
      this.theme = this.scene.theme
      this.take(answer)
      show(this.problem, false)
    } catch (error) {
      say(this.problem, error.message)
      show(this.problem, true)
    } finally {
      this.asking = false
      this.go.disabled = false
      say(this.go, "Interpolate")
    }
    if (this.again) {
      this.again = false
      this.ask()
    }
  }

  take({ through, plain, count, distance }) {
    this.through.src = through
    this.plain.src = plain
    const sum = (row) => row.reduce((total, value) => total + value, 0)
    const [network, pixels] = distance
    const largest = (100 * Math.max(...network)) / sum(network)
    this.through.alt = `${count} images between two held-out ones, mixed in the top features`
    this.plain.alt = `The same two, their pixels mixed: one fades out while the other fades in`
    for (const node of [this.rows, this.through, this.plain]) show(node, true)
    say(this.foot, `Through the network the largest of ${count - 1} equal steps makes ${largest.toFixed(0)} % of the whole way in pixels, and the way is ${(sum(network) / Math.max(sum(pixels), 1e-9)).toFixed(1)} times the straight one. The two ends are reconstructions, not the images themselves.`)
  }

  update(scene) {
    this.scene = scene
    if (this.theme && this.theme !== scene.theme) this.ask()
  }

  close() {}
}
