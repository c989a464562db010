// Where the lines of a chart end, in words: of runs that end in different layers each end names its own.

/** @import { Chart, RecordedStage, Series } from "../shared/messages.js" */
/** @import { Whole } from "../shared/pairs.js" */

import { figure } from "../shared/plotting.js"
import { WORDS } from "./words.js"

/** @typedef {{ side: { data: { name: string, stages: RecordedStage[] } }, series: Series, curve: Whole }} Line of a run */

/**
 * Of the held-out lines, or of all where a run has one alone.
 * @param {Line[]} lines
 * @param {Chart} spec
 */
export function ends(lines, spec) {
  const told = lines.filter(({ series }) => series.dashed || spec.series.length === 1)
  const isOneStage = new Set(told.map(({ curve }) => curve.stage.at(-1))).size < 2
  return told.map((line) => {
    const kind = spec.series.length > 1 ? ` (${line.series.name})` : ""
    const value = `${figure(line.curve.y.at(-1))}${spec.suffix}`
    return WORDS.chart.end(`${line.side.data.name}${kind}`, isOneStage ? "" : stageOf(line), value)
  })
}

/** @param {Line} line */
function stageOf({ side, curve }) {
  return side.data.stages.find(({ key }) => key === curve.stage.at(-1))?.label ?? ""
}
