// One layer: its mosaic at the scrubber's moment, or why there is none and a way to have it computed.

/** @import { FeaturesData, LayerFilm, LayerPanel } from "../shared/messages.js" */
/** @import { Checkpoint, Missing, Picture, Scene, Tile } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { help } from "../shared/help.js"
import { head, offerPicture, pictureLink } from "../shared/tools.js"
import { inWords } from "../shared/unit_marks.js"
import { askButton } from "./ask_button.js"
import { GAP, LayerPicture } from "./layer_picture.js"
import { Legend } from "./legend.js"
import { Tiles } from "./tiles.js"
import { nearest } from "./timeline.js"
import { WORDS } from "./words.js"

const REST = 450 // ms the scrubber has to rest before a worker is asked
const { layer: words } = WORDS

/**
 * What the page does for a layer.
 * @typedef {{
 *   pick(depth: number, unit: number): void,
 *   choose(): void,
 *   drawn(depth: number): void,
 *   project(depth: number, projection: string, checkpoint: number, done: (problem: string) => void): void,
 * }} Host
 */

export class Layer {
  /**
   * @param {number} depth its place on the page, from 1
   * @param {LayerPanel} panel
   * @param {FeaturesData["texts"]["layer"]} texts
   * @param {Host} host
   */
  constructor(depth, panel, texts, host) {
    this.depth = depth
    this.panel = panel
    this.host = host
    this.source = new LayerPicture(depth, panel)
    this.asked = ""
    this.wants = "" // the picture that belongs here
    /** @type {HTMLImageElement | null} */
    this.image = null // the one on the screen
    /** @type {Checkpoint | null} */
    this.checkpoint = null
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    this.png = pictureLink(words.png(depth))
    this.chooser = el(
      "select",
      {
        class: "labf-select",
        "aria-label": words.projection(depth),
        "data-testid": `labf-projection-${depth}`,
      },
      ...panel.projections.map(({ id, label }) => el("option", { value: id }, label)),
    )
    this.chooser.onchange = () => this.choose(this.chooser.value)
    this.picture = el("div", { class: "labf-picture" })
    this.tiles = new Tiles(depth, panel.label, panel.depth > 0, (unit) => host.pick(depth, unit))
    this.message = el("p", { class: "labf-message", role: "status" })
    this.button = askButton(words.compute, () => this.askNow())
    this.empty = el(
      "div",
      { class: "labf-empty" },
      el("span", { class: "labf-spinner", "aria-hidden": "true" }),
      this.message,
      this.button,
    )
    this.frame = el("div", { class: "labf-frame" }, this.picture, this.tiles.node, this.empty)
    this.legend = new Legend()
    this.about = el("span", { class: "labf-about", "data-testid": `labf-about-${depth}` })
    this.found = el("p", { class: "labf-found", "data-testid": `labf-found-${depth}` })
    this.node = el(
      "figure",
      {
        class: "labf-layer lab-panel",
        "aria-label": words.filters(panel.label),
        "data-testid": `labf-layer-${depth}`,
      },
      head(this.source.name, this.source.hasWays ? this.chooser : "", this.png, ...help(texts)),
      this.frame,
      this.found,
      el("figcaption", { class: "lab-caption" }, this.legend.node, this.about),
    )
  }

  /** @param {string} projection */
  choose(projection) {
    this.source.projection = projection
    this.asked = ""
    this.host.choose()
  }

  /**
   * The address of the picture that belongs at `step`; "" where there is none.
   * @param {Scene} scene
   * @param {number} step
   */
  urlAt(scene, step) {
    return this.source.at(scene, step).url
  }

  // -- drawing ------------------------------------------------------------------------------------------------------------

  /**
   * Draw what belongs at the scene's step; at once when its picture is here.
   * @param {Scene} scene
   * @param {string[]} found what the newest pictures of each layer of the DBN show, in words
   */
  update(scene, found) {
    const wanted = this.source.at(scene, scene.step)
    this.tell(wanted, found)
    this.wants = wanted.url
    show(this.chooser, this.panel.pretrained && wanted.layer.pictures.id.length > 0)
    this.chooser.value = this.source.projection
    if ("missing" in wanted) {
      this.without(scene, wanted)
      return
    }
    clearTimeout(this.timer)
    this.asked = ""
    const image = scene.images.get(wanted.url)
    if (image) this.put(scene, image, wanted)
    else this.fetch(scene, wanted)
  }

  /**
   * @param {Scene} scene
   * @param {Picture} wanted
   */
  async fetch(scene, wanted) {
    try {
      const image = await scene.images.want(wanted.url)
      if (this.wants === wanted.url) this.put(scene, image, wanted)
    } catch {
      if (this.wants === wanted.url) this.wants = "" // thinned out by now: the next list knows
    }
  }

  get isDrawn() {
    return !this.wants || this.image?.dataset.url === this.wants
  }

  /**
   * @param {Scene} scene
   * @param {HTMLImageElement} image
   * @param {Picture} picture
   */
  put(scene, image, picture) {
    const { shape, order, layer } = picture
    image.alt = this.describe(picture)
    image.dataset.url = picture.url
    image.dataset.snapshot = String(picture.id)
    image.className = "labf-mosaic"
    if (this.image !== image) this.picture.replaceChildren(image)
    this.image = image
    this.frame.style.setProperty(
      "--labf-ratio",
      `${shape.columns * (layer.width + GAP) - GAP} / ${shape.rows * (layer.height + GAP) - GAP}`,
    )
    this.frame.dataset.state = "drawn"
    this.tiles.lay(shape, order, scene.selected)
    const states = statesOf(scene, layer)
    if (states) this.tiles.mark(states)
    show(this.empty, false)
    show(this.legend.node, true)
    this.caption(scene, picture)
    offerPicture(this.png, picture.url, words.file(this.depth, picture.epoch))
    this.host.drawn(this.depth)
  }

  /**
   * Where a unit lies in the picture on the screen; null where it is not drawn.
   * @param {LayerFilm} layer
   * @param {number} unit
   * @returns {Tile | null}
   */
  tileOf({ height, width }, unit) {
    const { image } = this
    const { columns, units } = this.tiles
    const place = units.indexOf(unit)
    if (!image || place < 0 || this.frame.dataset.state !== "drawn") return null
    const scale = image.naturalWidth / (columns * (width + GAP) - GAP)
    const x = (place % columns) * (width + GAP) * scale
    const y = Math.floor(place / columns) * (height + GAP) * scale
    return { image, x, y, width: width * scale, height: height * scale }
  }

  /** @param {Picture} picture */
  describe({ shape, layer, epoch }) {
    const what = this.source.hasWays ? this.source.projectionLabel : words.weights
    return words.picture(what, shape.shown, layer.label, epoch)
  }

  /**
   * @param {Scene} scene
   * @param {Picture} picture
   */
  caption(scene, { layer, epoch, ends, isInk, shape, order, tuned }) {
    const how = tuned || (this.source.hasWays ? this.source.projectionLabel : layer.drawn || words.weights)
    const marked = inWords(statesOf(scene, layer))
    const isAsLeft = !tuned && scene.tuning && this.panel.depth
    const parts = [
      words.about(how, epoch),
      ...(isAsLeft ? [words.asLeft] : []),
      words.units(shape.shown, layer.units),
      ...(order.name === "training" ? [] : [words.by(WORDS.options.orders[order.name], order.epoch)]),
      ...(marked ? [marked] : []),
    ]
    say(this.about, parts.join(" · "))
    if (isInk) this.legend.ink(scene, layer.colour)
    else this.legend.signed(scene, layer.colour, ends, this.source.projection === "response_average")
  }

  /**
   * What the newest picture shows, where it is the one on the screen; its place stays free below others.
   * @param {Picture | Missing} wanted
   * @param {string[]} found
   */
  tell(wanted, found) {
    const sentence = found[this.panel.depth - 1] ?? ""
    const isNewest = !("missing" in wanted) && wanted.id === wanted.layer.pictures.id.at(-1)
    say(this.found, sentence)
    show(this.found, Boolean(sentence))
    this.found.style.visibility = isNewest ? "" : "hidden"
  }

  // -- no picture ---------------------------------------------------------------------------------------------------------

  /**
   * @param {Scene} scene
   * @param {Missing} wanted
   */
  without(scene, { missing, checkpoint, layer }) {
    this.tiles.hide()
    show(this.empty, true)
    show(this.legend.node, false)
    this.frame.dataset.state = checkpoint ? "asking" : "empty"
    if (!checkpoint) {
      clearTimeout(this.timer)
      this.image = null
      this.picture.replaceChildren()
      this.say(missing, false, false)
      say(this.about, "")
      return
    }
    const { projection, projectionLabel } = this.source
    this.checkpoint = checkpoint
    say(this.about, words.nearest(projectionLabel, checkpoint.epoch))
    const key = `${checkpoint.id} ${projection}`
    if (this.asked === key) return
    clearTimeout(this.timer)
    const cost = words.cost(Math.min(100, layer.units), projectionLabel)
    if (!scene.touched() || scene.following()) this.say(words.notComputed(cost, checkpoint.epoch), false, true)
    else {
      this.say(words.willDraw(cost), true, false)
      this.timer = setTimeout(() => this.ask(checkpoint, cost), scene.playing() ? 10 * REST : REST)
    }
  }

  askNow() {
    if (this.checkpoint) this.ask(this.checkpoint, words.them)
  }

  /**
   * @param {Checkpoint} checkpoint
   * @param {string} cost what is drawn, in words
   */
  ask(checkpoint, cost) {
    const { projection } = this.source
    const key = `${checkpoint.id} ${projection}`
    this.asked = key
    this.say(words.drawing(cost, checkpoint.epoch), true, false)
    this.host.project(this.depth, projection, checkpoint.id, (problem) => {
      if (this.asked === key && problem) this.say(problem, false, true, WORDS.tryAgain)
    })
  }

  /**
   * @param {string} text
   * @param {boolean} isBusy
   * @param {boolean} isAskable
   * @param {string} label of the button
   */
  say(text, isBusy, isAskable, label = words.compute) {
    say(this.message, text)
    this.empty.classList.toggle("labf-busy", isBusy)
    say(this.button, label)
    show(this.button, isAskable)
  }

  close() {
    clearTimeout(this.timer)
  }
}

/**
 * Which units take no part at the frame of diagnostics nearest to the scrubber; null while it is on its way.
 * @param {Scene} scene
 * @param {LayerFilm} layer
 */
function statesOf({ step, frames }, layer) {
  const place = nearest(layer.frames.step, step)
  return place < 0 ? null : (frames.get(layer.frames.id[place])?.states ?? null)
}
