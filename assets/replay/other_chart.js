// A chart of any metric that no other chart has, chosen from a list.

/** @import { ReplayData } from "../shared/messages.js" */
/** @import { ChartSpec } from "./chart.js" */
/** @import { Curves } from "./curves.js" */

import { el } from "../shared/dom.js"
import { Chart } from "./chart.js"
import { WORDS } from "./words.js"

export class OtherChart extends Chart {
  /**
   * @param {Curves} curves
   * @param {string[]} names of the metrics
   * @param {ReplayData} data
   */
  constructor(curves, names, data) {
    super(curves, specOf(names[0], data), data)
    const select = el("select", {}, ...names.map((name) => el("option", { value: name }, data.others[name].title)))
    select.onchange = () => {
      this.spec = specOf(select.value, data)
      curves.draw()
    }
    this.head.append(el("label", { class: "field" }, WORDS.show, select))
  }
}

/**
 * @param {string} metric
 * @param {ReplayData} data
 * @returns {ChartSpec}
 */
function specOf(metric, data) {
  const { title, axis, factor, suffix } = data.others[metric]
  return {
    key: "other",
    axis,
    series: [{ metric, name: title, factor, dashed: false, dots: false, dotted: false }],
    digits: 4,
    suffix,
    band: null,
    can_be_log: false,
    from_zero: true,
    help: { question: WORDS.otherNumber, look: WORDS.aboutOther, formula: "", unit: "", split: "" },
  }
}
