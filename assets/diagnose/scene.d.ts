// What the cards of this page need to be drawn.

import type { DiagnoseAddresses, RecordedStage } from "../shared/messages.js"
import type { CardScene } from "../shared/scene.js"
import type { Series } from "../shared/series.js"
import type { Moments } from "./moments.js"

/** A frame of diagnostics that the run has kept. */
export interface Kept {
  id: number
  epoch: number
  stage: string
}

/**
 * `frame`: id of the one at the slider, 0 for none; `index`: its place among all; `epoch`: where the slider stands, null
 * at the end of a run that goes on; `reached`: how far the run is.
 */
export interface Scene extends CardScene {
  addresses: DiagnoseAddresses
  series: Series
  moments: Moments
  stages: RecordedStage[]
  method: string
  index: number
  frame: number
  stage: string
  epoch: number | null
  reached: number
  alive: boolean
  epochs: number
}
