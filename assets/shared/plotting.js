// What all plots of these pages share: a quiet layout in the page's own colours.

/** @import { Colours, PlotElement, PlotScene, Settings } from "./scene.js" */

import { el } from "./dom.js"
import { rounded } from "./numbers.js"
import { WORDS } from "./words.js"

export const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  responsive: false,
  showTips: false,
  doubleClick: "reset",
}

/**
 * An element for plotly.js to draw in; whoever draws says in its label what is to be seen.
 * @param {Record<string, unknown>} attributes
 */
export function plotArea(attributes) {
  return /** @type {PlotElement} */ (el("div", { role: "img", "aria-label": WORDS.nothingMeasured, ...attributes }))
}

/** What the lines are, above the plot: beside a curve there is no place that a curve might not take. */
export const LEGEND_ABOVE = {
  showlegend: true,
  legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 11 } },
}

/**
 * What plotly.js holds of it goes.
 * @param {PlotElement[]} plots
 */
export function purge(...plots) {
  for (const plot of plots) if (plot.data) window.Plotly?.purge(plot)
}

/**
 * An axis as all plots have it.
 * @param {{ colours: Colours }} scene
 * @param {Settings} more
 * @returns {Settings}
 */
export function axis(scene, more = {}) {
  const { colours } = scene
  const { title, ...rest } = more
  return {
    color: colours.muted,
    gridcolor: colours.grid,
    linecolor: colours.grid,
    zeroline: false,
    ticks: "",
    tickfont: { size: 11 },
    automargin: false,
    title: title ? { text: title, font: { size: 11 }, standoff: 4 } : undefined,
    ...rest,
  }
}

/**
 * The axis of epochs of a whole run.
 * @param {{ colours: Colours }} scene
 * @param {Settings} more
 */
export function epochAxis(scene, more = {}) {
  return axis(scene, { title: WORDS.epochOfRun, unifiedhovertitle: { text: WORDS.heldEpoch }, ...more })
}

/**
 * A logarithmic axis with labels at powers of ten only.
 * @param {{ colours: Colours }} scene
 * @param {Settings} more
 */
export function logAxis(scene, more = {}) {
  return axis(scene, { type: "log", exponentformat: "power", dtick: 1, minor: undefined, ...more })
}

/**
 * Draw in place: zoom and hover survive as long as `revision` (the run, the card's own meaning of x) stays.
 * @param {PlotScene} scene
 * @param {PlotElement} plot
 * @param {Settings[]} traces
 * @param {Settings} layout
 * @param {string} revision
 * @param {Settings} config
 */
export function react(scene, plot, traces, layout, revision, config = CONFIG) {
  const { clientWidth: width, clientHeight: height } = plot
  if (!width || !height) return
  const { colours } = scene
  const text = { family: colours.font, size: 11, color: colours.muted }
  scene.plotly.react(
    plot,
    traces.length ? traces : [{ x: [], y: [], type: "scatter" }],
    {
      width,
      height,
      margin: { l: 54, r: 12, t: 8, b: 36 },
      uirevision: revision,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: text,
      showlegend: false,
      hovermode: "x unified",
      hoverlabel: {
        bgcolor: colours.surface,
        bordercolor: colours.grid,
        font: { ...text, size: 12, color: colours.text },
      },
      ...layout,
    },
    config,
  )
}

/**
 * A level line across the plot; what it is stands beside the plot, where no curve is.
 * @param {{ colours: Colours }} scene
 * @param {number} value
 */
export function guide(scene, value) {
  return {
    type: "line",
    xref: "paper",
    yref: "y",
    x0: 0,
    x1: 1,
    y0: value,
    y1: value,
    layer: "below",
    line: { color: scene.colours.muted, width: 1, dash: "dash" },
  }
}

/**
 * A thin upright line where the slider stands.
 * @param {{ colours: Colours }} scene
 * @param {number} epoch
 */
export function moment(scene, epoch) {
  return {
    type: "line",
    xref: "x",
    yref: "paper",
    x0: epoch,
    x1: epoch,
    y0: 0,
    y1: 1,
    line: { color: scene.colours.text, width: 1 },
  }
}

/**
 * Three significant digits, as people read them.
 * @param {number | null | undefined} value
 */
export function figure(value) {
  return rounded(value ?? Number.NaN) || WORDS.noNumber
}
