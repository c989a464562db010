// A unit's filter at moments spread over the run, each a button that leads there.

/** @import { LayerFilm } from "../shared/messages.js" */
/** @import { Scene } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { enlargement } from "../shared/picture.js"
import { figure } from "./bars.js"
import { atOrBefore } from "./timeline.js"
import { WORDS } from "./words.js"

const GAP = 1
const LARGEST = 4 // times a picture is enlarged
const { film: words } = WORDS
const TALLEST = 72 // px of one picture

export class UnitFilm {
  /** @param {(step: number) => void} onGo */
  constructor(onGo) {
    this.onGo = onGo
    this.step = 0 // where the scrubber stands
    this.url = "" // of the film on the screen or on its way
    /** @type {HTMLButtonElement[]} */
    this.frames = []
    this.film = el("div", { class: "labf-film", "data-testid": "labf-film" })
    this.note = el("p", { class: "labf-about" })
    this.node = el("div", {}, this.film, this.note)
  }

  /** Another unit. */
  clear() {
    this.url = ""
  }

  /**
   * @param {Scene} scene
   * @param {LayerFilm} layer
   * @param {number} unit
   */
  update(scene, layer, unit) {
    this.step = scene.step
    const isFilmed = unit < layer.shown && layer.film.length > 0
    show(this.film, isFilmed)
    if (!isFilmed) {
      say(this.note, layer.film.length ? words.notFilmed(layer.shown) : words.none)
      return
    }
    const { options, theme } = scene
    const ids = layer.film.map((place) => layer.pictures.id[place])
    const natural = ids.length * (layer.width + GAP) - GAP
    const wide = Math.min(this.node.clientWidth || 800, ids.length * TALLEST)
    const contrast = options.contrast === "run" ? "shared" : "each"
    const url = `${scene.address}/film/${ids.join("-")}/${unit}x${enlargement(wide, natural, LARGEST)}-${options.scheme}-${contrast}-${theme}.png`
    this.film.style.width = `${wide}px`
    if (this.url === url) return
    this.url = url
    this.fetch(scene, layer, unit)
    const epochs = layer.film.map((place) => layer.pictures.epoch[place])
    const scale = contrast === "shared" ? words.sharedScale : words.ownScale
    say(this.note, words.about(ids.length, figure(epochs[0]), epochs.at(-1) ?? 0, scale))
  }

  /**
   * @param {Scene} scene
   * @param {LayerFilm} layer
   * @param {number} unit
   */
  async fetch(scene, layer, unit) {
    const { url } = this
    try {
      const image = await scene.images.want(url)
      if (this.url === url) this.lay(image, layer, unit)
    } catch {
      if (this.url === url) this.url = "" // the next drawing asks again
    }
  }

  /**
   * @param {HTMLImageElement} image
   * @param {LayerFilm} layer
   * @param {number} unit
   */
  lay(image, layer, unit) {
    image.alt = words.picture(unit, layer.film.length)
    image.className = "labf-film-picture"
    this.frames = layer.film.map((place) => {
      const label = words.moment(layer.pictures.epoch[place], layer.pictures.step[place])
      return el("button", {
        type: "button",
        class: "labf-film-frame",
        title: label,
        "aria-label": words.goTo(label),
        onclick: () => this.onGo(layer.pictures.step[place]),
      })
    })
    const columns = `grid-template-columns: repeat(${this.frames.length}, 1fr)`
    this.film.replaceChildren(image, el("div", { class: "labf-film-grid", style: columns }, ...this.frames))
    this.mark(layer, this.step)
  }

  /**
   * Where the scrubber stands.
   * @param {LayerFilm} layer
   * @param {number} step
   */
  mark(layer, step) {
    this.step = step
    const here = atOrBefore(
      layer.film.map((place) => layer.pictures.step[place]),
      step,
    )
    for (const [at, frame] of this.frames.entries()) frame.setAttribute("aria-current", String(at === here))
  }
}
