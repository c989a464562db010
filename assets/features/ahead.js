// What stands beside the scrubber's moment is fetched before it is wanted, so that a step needs nobody's answer.

/** @import { Scene } from "./scene.js" */

const MOST = 60 // positions, the nearest first
const CALM = 30 // ms for which the scrubber has to rest

export class Ahead {
  constructor() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
  }

  /**
   * @param {Scene} scene
   * @param {number} index where the scrubber stands
   * @param {(step: number) => string[]} picturesAt addresses of the pictures that belong at a step
   */
  plan(scene, index, picturesAt) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.fetch(scene, index, picturesAt), CALM)
  }

  /**
   * @param {Scene} scene
   * @param {number} index
   * @param {(step: number) => string[]} picturesAt
   */
  fetch({ timeline, images, frames }, index, picturesAt) {
    const steps = Array.from({ length: MOST }, (_, at) => at + 1)
      .flatMap((distance) => [index + distance, index - distance])
      .filter((place) => place >= 0 && place <= timeline.last)
      .map((place) => timeline.step(place))
    images.prefetch([...new Set(steps.flatMap(picturesAt))])
    frames.prefetch([...new Set(steps.flatMap((step) => timeline.frame(step)?.id ?? []))])
  }

  close() {
    clearTimeout(this.timer)
  }
}
