// What was done to the run while it trained: a row a command, which leads to its moment.

/** @import { ReplayCommand } from "../shared/messages.js" */

import { el } from "../shared/dom.js"
import { counted } from "../shared/numbers.js"
import { button } from "./dom.js"
import { head, scrolling } from "./table.js"
import { WORDS } from "./words.js"

/**
 * @param {ReplayCommand[]} commands
 * @param {(stage: string) => string} labelOf
 * @param {(step: number) => void} goToStep
 */
export function events(commands, labelOf, goToStep) {
  const columns = [
    { name: WORDS.what, isText: true },
    ...[WORDS.when, WORDS.update, WORDS.stage].map((name) => ({ name })),
  ]
  const rows = commands.map((command) => row(command, labelOf, goToStep))
  const table = el("table", { "data-testid": "events" }, head(columns), el("tbody", {}, ...rows))
  const body = rows.length ? scrolling(WORDS.events, table) : el("p", { class: "muted" }, WORDS.nothingDone)
  const title = el("h2", {}, WORDS.whatWasDone)
  return el("section", { class: "panel stack", "aria-label": WORDS.events }, title, body)
}

/**
 * @param {ReplayCommand} command
 * @param {(stage: string) => string} labelOf
 * @param {(step: number) => void} goToStep
 */
function row(command, labelOf, goToStep) {
  const { text, problem, step, epoch, stage } = command
  const refusal = problem ? [el("span", { class: "problem" }, WORDS.refused(problem))] : []
  const where =
    step === null || epoch === null
      ? WORDS.neverObeyed
      : button(WORDS.atEpoch(epoch), WORDS.goToCommand(epoch, command), () => goToStep(step), { class: "go" })
  return el(
    "tr",
    {},
    el("td", { class: "text" }, text, ...refusal),
    el("td", {}, where),
    el("td", {}, step === null ? "" : counted(step)),
    el("td", {}, stage ? labelOf(stage) : ""),
  )
}
