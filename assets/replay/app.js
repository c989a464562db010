// The page: a scrubber over the kept pictures, and everything that follows it.

/** @import { ReplayData } from "../shared/messages.js" */
/** @import { Theme } from "../shared/scene.js" */

import { el } from "../shared/dom.js"
import { Curves } from "./curves.js"
import { button } from "./dom.js"
import { events } from "./events.js"
import { Measurements } from "./measurements.js"
import { NumbersTable } from "./numbers_table.js"
import { Pictures } from "./pictures.js"
import { Scrubber } from "./scrubber.js"
import { settings } from "./settings.js"
import { WORDS } from "./words.js"

/** @typedef {{ step: number, epoch: number, stage: string }} Place a moment of the run; `stage`: its key */

export class App {
  /**
   * @param {ReplayData} data
   * @param {HTMLElement} root
   */
  constructor(data, root) {
    this.data = data
    /** @type {Theme} */
    this.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
    const labels = new Map(data.stages.map(({ key, label }) => [key, label]))
    const labelOf = (/** @type {string} */ stage) => labels.get(stage) ?? stage
    const measurements = new Measurements(data)
    // A run without pictures is scrubbed through its numbers.
    /** @type {Place[]} */
    const places = data.moments.length ? data.moments : measurements.rows
    const scrubber = new Scrubber(places, labelOf, (index) => this.show(index))
    this.scrubber = scrubber
    this.curves = new Curves(data, measurements, this.colours, (epoch) => scrubber.goToEpoch(epoch))
    this.pictures = data.moments.length
      ? new Pictures(data, this.colours, labelOf, (moment) => scrubber.go(data.moments.indexOf(moment)))
      : null
    this.table = new NumbersTable(measurements, data.run.id, labelOf)
    this.themed = button("", WORDS.turnTheme, () => this.turnTheme(), { class: "quiet" })
    const done = events(data.commands, labelOf, (step) => scrubber.goToStep(step))
    root.replaceChildren(
      this.head(),
      ...this.notices(),
      scrubber.node,
      ...this.stage(),
      el("div", { class: "pair" }, done, settings(data.settings)),
      this.table.node,
    )
    this.setTheme(this.theme)
    scrubber.go(scrubber.last)
  }

  get colours() {
    return this.data.palette[this.theme]
  }

  head() {
    const { name, state, facts, created, explanation, note } = this.data.run
    const lines = [
      el("h1", {}, name),
      el("p", { class: "muted figures" }, [state, ...facts, created].join(" · ")),
      ...(explanation ? [el("p", { class: "muted" }, explanation)] : []),
      ...(note ? [el("p", { class: "note" }, note)] : []),
    ]
    return el("header", { class: "head" }, el("div", {}, ...lines), this.themed)
  }

  notices() {
    const notes = [...this.data.notes, ...(this.pictures ? [] : [WORDS.noPictures])]
    return notes.map((note) => el("p", { class: "notice" }, note))
  }

  /** The pictures beside the curves, and below them the reconstructions. */
  stage() {
    const { pictures, curves } = this
    if (!pictures) return [el("div", { class: "stack" }, curves.node)]
    const left = el("div", { class: "stack" }, pictures.mosaic.node, pictures.film.node)
    return [el("div", { class: "stage" }, left, curves.node), pictures.strip.node]
  }

  /** @param {number} index of the moment */
  show(index) {
    const { place } = this.scrubber
    this.pictures?.show(index)
    this.curves.move(place)
    this.table.follow(place)
  }

  turnTheme() {
    this.setTheme(this.theme === "dark" ? "light" : "dark")
  }

  /** @param {Theme} theme */
  setTheme(theme) {
    this.theme = theme
    const { style, dataset } = document.documentElement
    dataset.theme = theme
    style.setProperty("--page", this.colours.page)
    style.setProperty("--ink", this.colours.ink)
    this.themed.textContent = theme === "dark" ? WORDS.themes.light : WORDS.themes.dark
    this.pictures?.setColours(this.colours)
    this.curves.setColours(this.colours)
  }
}
