// What all plots of these pages share: a quiet layout in the page's own colours.

const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, showTips: false, doubleClick: "reset" }

/** An axis as all plots have it. */
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

/** A logarithmic axis with labels at powers of ten only. */
export function logAxis(scene, more = {}) {
  return axis(scene, { type: "log", exponentformat: "power", dtick: 1, minor: undefined, ...more })
}

/** Draw in place: zoom and hover survive as long as `revision` (the run, the card's own meaning of x) stays. */
export function react(scene, plot, traces, layout, revision) {
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
      hoverlabel: { bgcolor: colours.surface, bordercolor: colours.grid, font: { ...text, size: 12, color: colours.text } },
      ...layout,
    },
    CONFIG,
  )
}

/** A level line across the plot, with a word at its right end. */
export function guide(scene, value, label) {
  return {
    type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: value, y1: value, layer: "below",
    line: { color: scene.colours.muted, width: 1, dash: "dash" },
    ...(label ? { label: { text: label, textposition: "end", yanchor: "bottom", font: { size: 10, color: scene.colours.muted } } } : {}),
  }
}

/** A thin upright line where the slider stands. */
export function moment(scene, epoch) {
  return {
    type: "line", xref: "x", yref: "paper", x0: epoch, x1: epoch, y0: 0, y1: 1,
    line: { color: scene.colours.text, width: 1 },
  }
}

/** Three significant digits, as people read them. */
export function figure(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not a number"
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)) return value.toExponential(1)
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 })
}
