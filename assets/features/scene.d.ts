// What the parts of this page need to be drawn.

import type { LayerFilm, LayerFrame, Palette } from "../shared/messages.js"
import type { Theme } from "../shared/scene.js"
import type { Frames } from "./frames.js"
import type { Images } from "./images.js"
import type { Timeline } from "./timeline.js"

/** A state of the network that a worker can be asked about. */
export interface Checkpoint {
  id: number
  step: number
  epoch: number
}

/** A frame of diagnostics, of the layer called `label`. */
export interface Frame {
  id: number
  epoch: number
  label: string
}

export interface Selected {
  depth: number
  unit: number
}

/** In which order tiles lie: `units` by falling figure in a frame of diagnostics, null as they were trained. */
export interface Order {
  name: string
  frame: number
  units: number[] | null
  epoch: number
}

/** A mosaic of the first `shown` units, enlarged `scale` times. */
export interface Shape {
  columns: number
  rows: number
  scale: number
  shown: number
}

/**
 * A picture of a layer. `tuned`: how it came about after pretraining; `ends`: of the colours, null where each tile has its
 * own; `isInk`: it shows images, else what is signed.
 */
export interface Picture {
  url: string
  id: number
  epoch: number
  tuned: string
  ends: number | null
  isInk: boolean
  shape: Shape
  order: Order
  layer: LayerFilm
}

/** Why there is none, or the state of the network from which a worker would make one. */
export interface Missing {
  url: ""
  missing: string
  checkpoint: Checkpoint | null
  layer: LayerFilm
}

export interface Looks {
  order: string
  contrast: string
  scheme: "signed" | "grey"
}

/** A part of a picture on the screen. */
export interface Tile {
  image: HTMLImageElement
  x: number
  y: number
  width: number
  height: number
}

/** Everything at the scrubber's moment. `side`: px of a layer's picture; `tuning`: what pretraining left is being tuned. */
export interface Scene {
  timeline: Timeline
  step: number
  epoch: number
  tuning: boolean
  options: Looks
  theme: Theme
  palette: Palette
  address: string
  images: Images
  frames: Frames<LayerFrame>
  selected: Selected | null
  side: number
  alive: boolean
  orderFrame(layer: LayerFilm): number
  tileOf(depth: number, unit: number): Tile | null
  touched(): boolean
  following(): boolean
  playing(): boolean
}
