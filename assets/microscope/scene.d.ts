// What the parts of this page need to be drawn, and what they ask of it.

import type { MicroscopeData } from "../shared/messages.js"
import type { Colours } from "../shared/scene.js"
import type { Experiment, Method } from "./experiment.js"

/** What is under the microscope, as an address names it. */
export interface Settings {
  set: string
  hidden: number
  seed: number
  temperature: number
  method: Method
}

/** What a step of the lesson prepares; what it does not name stays. `fresh`: untrained; `temperatures`: of AIS. */
export interface Preparation {
  set?: string
  hidden?: number
  seed?: number
  temperature?: number
  method?: string
  rate?: number
  fresh?: boolean
  temperatures?: number
}

/**
 * One moment. `chosen`: the parameter that can be changed; `most`: the end of the scale of weights; `took`: ms of the
 * frame before; `layers`: colours of lines; `stops`: of weights.
 */
export interface Scene {
  experiment: Experiment
  layers: string[]
  stops: string[]
  chosen: number
  most: number
  took: number
  training: boolean
  colours: Colours
}

/** What the parts ask of the page. */
export interface Page {
  data: MicroscopeData
  settings: Settings
  chosen: number
  redraw(then?: () => void): void
  open(change: Partial<Settings>): void
  prepare(asked: Preparation): void
  reset(scale: number): void
  choose(parameter: number): void
  setParameter(value: number): void
  setTemperature(temperature: number): void
  setMethod(method: Method): void
  setRate(rate: number): void
  step(): void
  toggleTraining(): void
  halfStep(): void
  forget(): void
}

/** A panel by its key in the texts. */
export type PanelKey = keyof MicroscopeData["texts"]["panels"]

/** The numbers behind a drawing; `total`: how many rows there are when these are only the first. */
export interface Table {
  head: string[]
  rows: (string | number | null)[][]
  total?: number
}
