// What was done to the run, how it was set up, and every number.

const PAGE_ROWS = 50

function eventList(app, data) {
  const rows = data.commands.map((command) => {
    const where = command.epoch === null
      ? "never obeyed"
      : button(`epoch ${epochText(command.epoch)}`, `Go to epoch ${epochText(command.epoch)}: ${command.text}`, () => app.goToStep(command), { class: "go" })
    const words = command.problem ? [command.text, el("span", { class: "problem" }, ` refused: ${command.problem}`)] : [command.text]
    return el("tr", {}, el("td", { class: "text" }, ...words), el("td", {}, where),
      el("td", {}, command.step === null ? "" : whole.format(command.step)), el("td", {}, command.stage ? app.stage(command.stage).label : ""))
  })
  const body = rows.length
    ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Events" }, el("table", { "data-testid": "events" },
      head(["what", true], ["when"], ["update"], ["stage"]), el("tbody", {}, ...rows)))
    : el("p", { class: "muted" }, "Nobody turned a knob or pressed a button while it trained.")
  return el("section", { class: "panel stack", "aria-label": "Events" }, el("h2", {}, "What was done to it"), body)
}

function head(...cells) {
  return el("thead", {}, el("tr", {}, ...cells.map(([name, text]) => el("th", { scope: "col", class: text ? "text" : false }, name))))
}

function settingsList(data) {
  const rows = data.settings.map((item) => el("div", { class: item.usual ? false : "changed" },
    el("dt", {}, item.label), el("dd", {}, item.value + (item.unit ? ` ${item.unit}` : ""))))
  return el("section", { class: "panel stack", "aria-label": "Settings" },
    el("div", { class: "bar" }, el("h2", {}, "How it was set up"), el("span", { class: "caption" }, "bold: not the usual value")),
    el("dl", { class: "settings", "data-testid": "settings" }, ...rows))
}

/** Every number, a page of rows at a time; the page follows the scrubber. */
class NumbersTable {
  constructor(app, data) {
    this.app = app
    this.data = data
    this.first = 0
    this.body = el("tbody")
    this.where = el("span", { class: "caption figures" })
    this.before = button("‹ earlier", "Earlier rows", () => this.turn(-PAGE_ROWS), { class: "quiet" })
    this.after = button("later ›", "Later rows", () => this.turn(PAGE_ROWS), { class: "quiet" })
    const names = data.numbers.columns.map((name) => [name.replaceAll("_", " ")])
    const table = el("table", { "data-testid": "numbers" }, head(["update"], ["epoch"], ["stage"], ...names), this.body)
    this.details = el("details", { ontoggle: () => this.follow(app.position) },
      el("summary", {}, el("h2", {}, "Every number")),
      el("div", { class: "bar" }, this.where, this.before, this.after),
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of every number" }, table))
    this.node = el("section", { class: "panel stack", "aria-label": "Numbers" },
      el("div", { class: "bar" }, el("p", { class: "muted" }, this.about()),
        button("Save as CSV", "Save every number as CSV", () => keep(csv(this.data), `run-${data.run.id}.csv`, "text/csv"), { "data-testid": "csv" })),
      this.details)
  }

  about() {
    const { rows, columns } = this.data.numbers
    return `${whole.format(rows.length)} moments measured, ${columns.length} numbers each. The table rounds to six digits; the CSV has them all.`
  }

  turn(by) {
    const last = Math.max(0, this.data.numbers.rows.length - PAGE_ROWS)
    this.show(Math.max(0, Math.min(last, this.first + by)))
  }

  follow(position) {
    if (!this.details.open) return
    const { rows } = this.data.numbers
    const at = position ? rows.findLastIndex((row) => row[0] <= position.step) : rows.length - 1
    this.current = at
    const visible = this.body.childElementCount && at >= this.first && at < this.first + PAGE_ROWS
    this.show(visible ? this.first : Math.max(0, Math.floor(at / PAGE_ROWS) * PAGE_ROWS))
  }

  show(first) {
    this.first = first
    const { rows } = this.data.numbers
    const shown = rows.slice(first, first + PAGE_ROWS)
    this.body.replaceChildren(...shown.map((row, index) => this.row(row, first + index === this.current)))
    this.where.textContent = rows.length ? `rows ${whole.format(first + 1)} to ${whole.format(first + shown.length)} of ${whole.format(rows.length)}` : "no rows"
    this.before.disabled = first === 0
    this.after.disabled = first + PAGE_ROWS >= rows.length
  }

  row(row, current) {
    const [step, epoch, stage, ...values] = row
    return el("tr", { "aria-current": current ? "true" : false },
      el("th", { scope: "row" }, whole.format(step)), el("td", {}, epochText(epoch)), el("td", {}, this.data.stages[stage].label),
      ...values.map((value) => el("td", {}, value === null ? "" : digits(value, 6))))
  }
}

/** The same table as `export --to run.csv`: a line a number, every digit of it. */
function csv({ numbers, stages }) {
  const lines = ["step,epoch,stage,name,value"]
  for (const [step, epoch, stage, ...values] of numbers.rows) {
    values.forEach((value, column) => {
      if (value !== null) lines.push(`${step},${epoch},${stages[stage].key},${numbers.columns[column]},${value}`)
    })
  }
  return `${lines.join("\n")}\n`
}
