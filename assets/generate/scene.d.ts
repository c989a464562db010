// What the panels of this page need to be drawn. There is no `plotly` until the library has come.

import type { Colours, PlotlyLibrary, Theme } from "../shared/scene.js"

export interface Scene {
  plotly: PlotlyLibrary | null
  theme: Theme
  layers: string[]
  colours: Colours
}

export interface Panel {
  node: HTMLElement
  update(scene: Scene): void
  close(): void
}
