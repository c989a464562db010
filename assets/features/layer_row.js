// The layers of a run side by side.

/** @import { FeaturesData } from "../shared/messages.js" */
/** @import { Host } from "./layers.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Timeline } from "./timeline.js" */

import { el } from "../shared/dom.js"
import { Layer } from "./layers.js"

const MOST = 3 // side by side

export class LayerRow {
  /**
   * @param {FeaturesData["texts"]["layer"]} texts
   * @param {Host} host
   */
  constructor(texts, host) {
    this.texts = texts
    this.host = host
    /** @type {Layer[]} */
    this.layers = []
    this.node = el("div", { class: "labf-layers" })
  }

  /** @param {FeaturesData["panels"]} panels of another run */
  lay(panels) {
    this.close()
    this.layers = panels.map((panel, index) => new Layer(index + 1, panel, this.texts, this.host))
    this.node.replaceChildren(...this.layers.map((layer) => layer.node))
  }

  get length() {
    return this.layers.length
  }

  /** How many stand side by side. */
  get columns() {
    return Math.min(MOST, this.length)
  }

  /** Whether every picture that belongs here is on the screen. */
  get isDrawn() {
    return this.layers.every((layer) => layer.isDrawn)
  }

  /** px of a picture; null where there is no layer. */
  get side() {
    return this.layers[0]?.frame.clientWidth ?? null
  }

  /**
   * @param {Scene} scene
   * @param {string[]} found what the newest pictures of each layer of the DBN show, in words
   */
  update(scene, found) {
    for (const layer of this.layers) {
      layer.update(scene, found)
    }
  }

  /**
   * Addresses of the pictures that belong at `step`.
   * @param {Scene} scene
   * @param {number} step
   */
  urlsAt(scene, step) {
    return this.layers.map((layer) => layer.urlAt(scene, step)).filter(Boolean)
  }

  /**
   * Where a unit lies on the screen.
   * @param {Timeline} timeline
   * @param {number} depth
   * @param {number} unit
   */
  tileOf(timeline, depth, unit) {
    return this.layers[depth - 1].tileOf(timeline.layers[depth - 1], unit)
  }

  /** @param {number} depth the layer that gets the keyboard */
  focus(depth) {
    this.layers[depth - 1].tiles.focus()
  }

  close() {
    for (const layer of this.layers) layer.close()
  }
}
