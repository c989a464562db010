// Which picture a layer shows at a moment: one that was recorded, or a projection that a worker has computed.

/** @import { KeptProjection, LayerFilm, LayerPanel } from "../shared/messages.js" */
/** @import { Checkpoint, Missing, Order, Picture, Scene, Shape } from "./scene.js" */

import { enlargement } from "../shared/picture.js"
import { atOrBefore } from "./timeline.js"
import { WORDS } from "./words.js"

const COLUMNS = 10
export const GAP = 1 // px between tiles of the picture, before enlarging
const LARGEST = 4 // times a picture is enlarged
const { layer: words } = WORDS

/** @typedef {{ id: number, epoch: number, scale: number | null, tuned: string, shown: number }} Signed a signed picture */

export class LayerPicture {
  /**
   * @param {number} depth its place on the page, from 1
   * @param {LayerPanel} panel
   */
  constructor(depth, panel) {
    this.depth = depth
    this.panel = panel
    this.projection = "" // until a person chooses, or a picture says what was recorded
  }

  get name() {
    return words.name(this.panel.label)
  }

  /** A layer of the DBN: its units reach the image in several ways. */
  get hasWays() {
    return this.panel.depth > 0
  }

  /** In words; of a decoder's pictures nothing is to choose. */
  get projectionLabel() {
    return this.panel.projections.find(({ id }) => id === this.projection)?.label ?? ""
  }

  /**
   * What belongs at `step`.
   * @param {Scene} scene
   * @param {number} step
   * @returns {Picture | Missing}
   */
  at(scene, step) {
    const { timeline } = scene
    const layer = timeline.layers[this.depth - 1]
    const place = timeline.picture(layer, step)
    this.projection ||= layer.projection
    if (place < 0 && !(layer.projections[0]?.step <= step)) return missing(layer, this.whyEmpty(layer, scene.alive))
    const order = orderOf(scene, layer)
    if (!order) return missing(layer, words.ordering)
    if (place < 0 || this.projection !== layer.projection) return this.projected(scene, layer, step, order)
    const { id, epoch, scale, tuned } = layer.pictures
    const picture = { id: id[place], epoch: epoch[place], scale: scale[place], tuned: tuned[place], shown: layer.shown }
    return signed(scene, layer, picture, scale, order)
  }

  /**
   * @param {LayerFilm} layer
   * @param {boolean} alive
   */
  whyEmpty(layer, alive) {
    if (layer.pictures.id.length) return words.notYetHere(this.name)
    if (!this.panel.pretrained) return this.panel.depth > 1 ? words.firstOnly : words.noPicture
    return alive ? words.notYet(this.name) : words.never(this.name)
  }

  /**
   * @param {Scene} scene
   * @param {LayerFilm} layer
   * @param {number} step
   * @param {Order} order
   * @returns {Picture | Missing}
   */
  projected(scene, layer, step, order) {
    const checkpoint = scene.timeline.checkpoint(step, this.depth)
    const made = layer.projections.filter((item) => item.projection === this.projection)
    const isFilmed = layer.filmed.some((way) => way === this.projection)
    const steps = made.map((item) => item.step)
    const kept = isFilmed ? made[atOrBefore(steps, step)] : made.find((item) => item.step === checkpoint?.step)
    if (!kept && !checkpoint) return missing(layer, words.noState)
    if (!kept) return missing(layer, "", checkpoint)
    if (!kept.signed) return ink(scene, layer, kept, order)
    return signed(
      scene,
      layer,
      { ...kept, tuned: "" },
      made.map(({ scale }) => scale),
      order,
    )
  }
}

/**
 * @param {LayerFilm} layer
 * @param {string} sentence
 * @param {Checkpoint | null} checkpoint
 * @returns {Missing}
 */
function missing(layer, sentence, checkpoint = null) {
  return { url: "", missing: sentence, checkpoint, layer }
}

/**
 * @param {Scene} scene
 * @param {LayerFilm} layer
 * @param {KeptProjection} kept
 * @param {Order} order
 * @returns {Picture}
 */
function ink(scene, layer, kept, order) {
  const shape = shapeOf(scene, layer, kept.shown)
  const look = `${shape.columns}x${shape.rows}x${shape.scale}-${order.name}-${order.frame}-${scene.theme}`
  return {
    url: `${scene.address}/projection/${kept.id}/${look}.png`,
    id: kept.id,
    epoch: kept.epoch,
    tuned: "",
    ends: null,
    isInk: true,
    shape,
    order,
    layer,
  }
}

/**
 * @param {Scene} scene
 * @param {LayerFilm} layer
 * @param {Signed} picture
 * @param {(number | null)[]} scales of all pictures of its kind
 * @param {Order} order
 * @returns {Picture}
 */
function signed(scene, layer, { id, epoch, scale, tuned, shown }, scales, order) {
  const { options, theme, address } = scene
  const shape = shapeOf(scene, layer, shown)
  const own = scale ?? 0
  const reference = Math.max(...scales.map((each) => each ?? 0))
  const gain = options.contrast === "run" ? Math.max(1, Math.round((100 * own) / reference)) : 100
  const contrast = options.contrast === "each" ? "each" : "shared"
  const common = options.contrast === "run" ? reference : own
  const look = `${shape.columns}x${shape.rows}x${shape.scale}-${options.scheme}-${contrast}-${gain}-${order.name}-${order.frame}-${theme}`
  return {
    url: `${address}/filters/${id}/${look}.png`,
    id,
    epoch,
    tuned,
    ends: contrast === "each" ? null : common,
    isInk: false,
    shape,
    order,
    layer,
  }
}

/**
 * The order asked for; null while the frame that holds it is on its way.
 * @param {Scene} scene
 * @param {LayerFilm} layer
 * @returns {Order | null}
 */
function orderOf(scene, layer) {
  const { order } = scene.options
  const frames = layer.frames.id
  if (order === "training" || !frames.length) return { name: "training", frame: 0, units: null, epoch: 0 }
  // The order stays that of one moment, so that tiles keep their places while one scrubs.
  const frame = scene.orderFrame(layer)
  const units = scene.frames.get(frame)?.orders[order]
  return units ? { name: order, frame, units, epoch: layer.frames.epoch[frames.indexOf(frame)] } : null
}

/**
 * @param {Scene} scene
 * @param {LayerFilm} layer
 * @param {number} shown
 * @returns {Shape}
 */
function shapeOf(scene, layer, shown) {
  const columns = Math.min(COLUMNS, Math.ceil(Math.sqrt(shown)))
  const rows = Math.ceil(shown / columns)
  const scale = enlargement(scene.side, columns * (layer.width + GAP) - GAP, LARGEST)
  return { columns, rows, scale, shown }
}
