// The film of a run as plain data: where the scrubber may stand, and what each layer shows there.

/** @import { Film, LayerFilm } from "../shared/messages.js" */
/** @import { Checkpoint, Frame } from "./scene.js" */

/**
 * The last place in rising `values` that is at most `value`; -1 if there is none.
 * @param {number[]} values
 * @param {number} value
 */
export function atOrBefore(values, value) {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * The place in rising `values` that is nearest to `value`; -1 of none.
 * @param {number[]} values
 * @param {number} value
 */
export function nearest(values, value) {
  const before = atOrBefore(values, value)
  if (before < 0) return values.length ? 0 : -1
  const after = before + 1
  return after < values.length && values[after] - value < value - values[before] ? after : before
}

export class Timeline {
  /** @param {Film} data */
  constructor(data) {
    this.positions = data.positions
    this.layers = data.layers
    this.checkpoints = data.checkpoints
  }

  get length() {
    return this.positions.step.length
  }

  get last() {
    return this.length - 1
  }

  /** @param {number} index */
  step(index) {
    return this.positions.step[index]
  }

  /** @param {number} index */
  epoch(index) {
    return this.positions.epoch[index]
  }

  /**
   * In words: "layer 2", "all layers", "classifier".
   * @param {number} index
   */
  stage(index) {
    return this.positions.stage[index]
  }

  /**
   * Whether what pretraining left is being tuned there.
   * @param {number} index
   */
  isTuning(index) {
    return this.positions.tuning[index]
  }

  /** Where another stage begins, as shares of the whole film. */
  get beginnings() {
    const { stage } = this.positions
    return stage.flatMap((name, at) => (at && name !== stage[at - 1] ? [at / (stage.length - 1)] : []))
  }

  /** @param {number} step */
  indexOfStep(step) {
    return Math.max(0, atOrBefore(this.positions.step, step))
  }

  /** @param {number} epoch */
  indexOfEpoch(epoch) {
    return Math.max(0, nearest(this.positions.epoch, epoch))
  }

  /**
   * What a layer shows: the place of its picture at or before `step`; -1 before it has begun.
   * @param {LayerFilm} layer
   * @param {number} step
   */
  picture(layer, step) {
    return atOrBefore(layer.pictures.step, step)
  }

  /**
   * The frame of diagnostics of whichever layer was in training, nearest to `step`; null if none was kept.
   * @param {number} step
   * @returns {Frame | null}
   */
  frame(step) {
    /** @type {Frame & { distance: number } | null} */
    let best = null
    for (const layer of this.layers) {
      const place = nearest(layer.frames.step, step)
      if (place < 0) continue
      const distance = Math.abs(layer.frames.step[place] - step)
      if (!best || distance < best.distance) {
        best = { distance, id: layer.frames.id[place], epoch: layer.frames.epoch[place], label: layer.label }
      }
    }
    return best
  }

  /**
   * The kept checkpoint nearest to `step` among those where layer `depth` has begun to learn; null if there is none.
   * @param {number} step
   * @param {number} depth
   * @returns {Checkpoint | null}
   */
  checkpoint(step, depth) {
    const { id, step: steps, epoch, depth: depths } = this.checkpoints
    /** @type {Checkpoint & { distance: number } | null} */
    let best = null
    for (let place = 0; place < id.length; place += 1) {
      if (depths[place] < depth) continue
      const distance = Math.abs(steps[place] - step)
      if (!best || distance < best.distance) best = { distance, id: id[place], step: steps[place], epoch: epoch[place] }
    }
    return best
  }
}
