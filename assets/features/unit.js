// One unit's life: its film, its figures over time, and what a worker says of it.

/** @import { FeaturesData, LayerFilm, UnitHistory } from "../shared/messages.js" */
/** @import { Selected, Scene } from "./scene.js" */
/** @import { Host as Asked } from "./unit_answer.js" */

import { json } from "../shared/asking.js"
import { el, say, show } from "../shared/dom.js"
import { csvLink, head } from "../shared/tools.js"
import { Line } from "./bars.js"
import { section } from "./section.js"
import { nearest } from "./timeline.js"
import { UnitAnswer } from "./unit_answer.js"
import { UnitFilm } from "./unit_film.js"
import { WORDS } from "./words.js"

const TILE = 84 // px of the unit's own picture
const { unit: words } = WORDS
const FIGURES = /** @type {const} */ (["norm", "bias", "activity"])
// What Escape closes by itself, or leaves.
const ELSEWHERE = [
  "input:not([type=range])",
  "textarea",
  "select",
  "[contenteditable]",
  "[role=combobox]",
  "[role=dialog]",
].join()

/** @typedef {Asked & { close(): void, goTo(step: number): void }} Host */

/** @typedef {Omit<UnitHistory, "id">} History */

/** @returns {History} */
const nothing = () => ({ step: [], epoch: [], norm: [], bias: [], activity: [] })

export class UnitLife {
  /**
   * @param {FeaturesData["texts"]} texts
   * @param {Host} host
   */
  constructor(texts, host) {
    this.host = host
    this.key = "" // of the unit looked at
    this.selected = { depth: 0, unit: 0 }
    /** @type {Scene | null} */
    this.scene = null
    /** @type {LayerFilm | null} */
    this.layer = null
    this.history = nothing()
    this.cursor = 0 // the last frame that it holds
    this.fetching = ""
    this.title = el("h2", { class: "lab-title", tabindex: -1, "data-testid": "labf-unit-title" })
    this.portrait = el("canvas", { class: "labf-portrait", width: TILE * 2, height: TILE * 2, role: "img" })
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.portrait.getContext("2d"))
    this.back = tool(words.previous, () => this.step(-1))
    this.on = tool(words.next, () => this.step(1))
    this.csv = csvLink(words.csv)
    const shut = tool("✕", () => host.close())
    shut.setAttribute("aria-label", words.close)
    this.film = new UnitFilm((step) => host.goTo(step))
    this.lines = {
      norm: new Line(words.figures.norm, ""),
      bias: new Line(words.figures.bias, ""),
      activity: new Line(words.figures.activity, words.percent, 100),
    }
    this.answer = new UnitAnswer(texts, host)
    this.node = el(
      "section",
      { class: "labf-life lab-panel", hidden: true, "data-testid": "labf-unit", "aria-label": words.label },
      head(this.title, this.back, this.on, this.csv, shut),
      el("div", { class: "labf-life-top" }, this.portrait, section("film", texts.film, this.film.node)),
      section(
        "figures",
        texts.figures,
        el("div", { class: "labf-lines" }, ...FIGURES.map((name) => this.lines[name].node)),
      ),
      ...this.answer.nodes,
    )
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.press(event)
    document.addEventListener("keydown", this.onKey)
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key !== "Escape" || event.defaultPrevented || this.node.hidden) return
    if (document.querySelector(":popover-open, [role=dialog]:not([popover])")) return
    if (event.target instanceof Element && event.target.closest(ELSEWHERE)) return
    this.host.close()
  }

  // -- which unit ---------------------------------------------------------------------------------------------------------

  /**
   * Show the scene's selected unit, or nothing.
   * @param {Scene} scene
   */
  update(scene) {
    this.scene = scene
    const { selected } = scene
    show(this.node, Boolean(selected))
    if (!selected) {
      this.key = ""
      this.answer.rest()
      return
    }
    const layer = scene.timeline.layers[selected.depth - 1]
    const key = `${scene.address} ${selected.depth} ${selected.unit}`
    if (this.key !== key) this.change(key, scene, layer, selected)
    this.layer = layer
    this.film.update(scene, layer, selected.unit)
    this.fetchHistory(scene, layer)
    this.move(scene, layer)
  }

  /**
   * @param {string} key
   * @param {Scene} scene
   * @param {LayerFilm} layer
   * @param {Selected} selected
   */
  change(key, scene, layer, selected) {
    const { unit } = selected
    this.key = key
    this.selected = selected
    this.history = nothing()
    this.cursor = 0
    this.film.clear()
    for (const name of FIGURES) this.lines[name].clear()
    this.answer.change()
    say(this.title, WORDS.tiles.unit(unit, layer.label))
    this.node.setAttribute("aria-label", words.life(unit, layer.label))
    this.back.disabled = unit <= 0
    this.on.disabled = unit >= layer.units - 1
    this.csv.href = `${scene.address}/unit/${layer.stage}/${unit}.csv`
  }

  /** @param {number} by */
  step(by) {
    this.host.pick(this.selected.depth, this.selected.unit + by)
  }

  /**
   * Only the moment has changed.
   * @param {Scene} scene
   * @param {LayerFilm} layer
   */
  move(scene, layer) {
    this.drawPortrait()
    this.film.mark(layer, scene.step)
    const place = nearest(this.history.step, scene.step)
    for (const name of FIGURES) this.lines[name].at(place)
    this.answer.update({ scene, layer, unit: this.selected.unit })
  }

  drawPortrait() {
    const { scene, pen } = this
    if (!scene || !this.key) return
    const { depth, unit } = this.selected
    const tile = scene.tileOf(depth, unit)
    show(this.portrait, Boolean(tile))
    if (!tile) return
    const size = TILE * 2
    pen.clearRect(0, 0, size, size)
    pen.imageSmoothingEnabled = false
    pen.drawImage(tile.image, tile.x, tile.y, tile.width, tile.height, 0, 0, size, size)
    this.portrait.setAttribute("aria-label", words.portrait(unit))
  }

  // -- figures over time --------------------------------------------------------------------------------------------------

  /**
   * What has been measured since.
   * @param {Scene} scene
   * @param {LayerFilm} layer
   */
  async fetchHistory(scene, layer) {
    const newest = layer.frames.id.at(-1) ?? 0
    if (newest <= this.cursor || this.fetching === this.key) return
    const { key, cursor } = this
    this.fetching = key
    try {
      /** @type {UnitHistory} */
      const more = await json(`${scene.address}/unit/${layer.stage}/${this.selected.unit}.json?after=${cursor}`)
      if (this.key !== key) return
      this.cursor = more.id.at(-1) ?? newest
      this.take(more)
      if (this.scene && this.layer) this.move(this.scene, this.layer)
    } catch (error) {
      if (this.key === key) say(this.answer.status, /** @type {Error} */ (error).message)
    } finally {
      if (this.fetching === key) this.fetching = ""
    }
  }

  /** @param {UnitHistory} more */
  take(more) {
    const { history } = this
    history.step.push(...more.step)
    history.epoch.push(...more.epoch)
    for (const name of FIGURES) {
      history[name].push(...more[name])
      if (history.epoch.length) this.lines[name].draw(history.epoch, history[name])
    }
  }

  /** The page goes. */
  close() {
    document.removeEventListener("keydown", this.onKey)
  }

  /** Another run. */
  clear() {
    this.key = ""
    this.answer.forget()
    show(this.node, false)
  }
}

/**
 * @param {string} text
 * @param {() => void} onclick
 */
function tool(text, onclick) {
  return el("button", { type: "button", class: "lab-tool", onclick }, text)
}
