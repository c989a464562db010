// What the scripts hand to one another, and what they use of Streamlit and of plotly.js.

import type { Palette, RecordedStage } from "./messages.js"
import type { Series } from "./series.js"

export type Theme = "light" | "dark"

/** What Streamlit hands to `mount`. */
export interface Component<Data> {
  data: Data
  parentElement: HTMLElement
  setTriggerValue(name: string, value: unknown): void
}

/** The page's own colours as rgba(), and its font. `ghost` and `accent`: on the pages that ask for them. */
export interface Colours {
  text: string
  muted: string
  grid: string
  band: string
  surface: string
  ghost: string
  accent: string
  font: string
}

/** A curve: epochs and values, null where there is no number. */
export interface Curve {
  x: number[]
  y: (number | null)[]
}

/** A trace, layout or part of one, as plotly.js takes them. */
// biome-ignore lint/suspicious/noExplicitAny: plotly.js has hundreds of settings, of which a few are used here
export type Settings = Record<string, any>

/** An element in which plotly.js has drawn. */
export interface PlotElement extends HTMLElement {
  data?: Settings[]
  layout?: Settings
  _fullLayout?: Settings
  // biome-ignore lint/suspicious/noExplicitAny: each event has a shape of its own
  on?(event: string, listener: (event: any) => void): void
}

export interface PlotlyLibrary {
  react(node: PlotElement, traces: Settings[], layout: Settings, config: Settings): Promise<unknown>
  purge(node: PlotElement): void
}

/** What a plot needs to be drawn. */
export interface PlotScene {
  plotly: PlotlyLibrary
  colours: Colours
}

/** What the live charts need to be drawn; there is no `plotly` until the library has come. */
export interface ChartScene {
  plotly: PlotlyLibrary
  run: string
  series: Series
  stages: RecordedStage[]
  epoch: number
  epochs: number
  theme: Theme
  layers: string[]
  colours: Colours
}

declare global {
  interface Window {
    Plotly?: PlotlyLibrary
  }
}

/** What Python hands every view of one run. */
export interface RunData {
  run: string
  stages: RecordedStage[]
  palette: Record<Theme, Palette>
  addresses: { plotly: string }
}

/** What Python hands every view of several runs. */
export interface RunsData {
  sides: { run: string; addresses: { plotly: string } }[]
  palette: Record<Theme, Palette>
}

/** How several runs are drawn. `key`: which runs; `stops`: of the colours of weights; `width`: px of the view. */
export interface RunsLook<Side> {
  theme: Theme
  colours: Colours
  layers: string[]
  stops: string[]
  sides: Side[]
  key: string
  width: number
}

/** What a card needs to be drawn. `size`: another one where it has to be drawn again; `checkpoint`: (id, epoch). */
export interface CardScene extends PlotScene {
  run: string
  theme: Theme
  size: string
  layers: string[]
  addresses: { diagnose: string }
  checkpoint: [number, number] | null
}
