// Who is taken for whom: the confusion matrix, the images behind a cell of it, and the surest mistakes.

import { ask, percent } from "./question.js"
import { choice, el, say, show } from "./dom.js"
import { panel, View } from "./view.js"

export class MistakesView extends View {
  build() {
    const { texts } = this.data
    this.chooser = el("span")
    this.csv = el("a", { class: "lab-tool", download: "", hidden: true, "aria-label": "Download the confusion matrix as CSV" }, "csv")
    this.head = el("p", { class: "labc-verdict", "data-testid": "labc-error" })
    this.table = el("div", { class: "labc-matrix" })
    this.cellTitle = el("p", { class: "labc-foot", "aria-live": "polite", "data-testid": "labc-cell" })
    this.cell = el("div", { class: "labc-images" })
    this.mistakes = el("div", { class: "labc-images" })
    this.button = el("button", { type: "button", class: "labd-button", hidden: true, onclick: () => this.judge() }, "")
    this.body = el("div", { class: "labc-two" },
      panel(texts.confusion, [this.chooser, this.csv], this.head, this.table),
      el("div", { class: "labc-stacked" },
        el("section", { class: "lab-panel labc-panel labc-behind" }, el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, "The images behind a cell")), this.cellTitle, this.cell),
        panel(texts.mistakes, [], this.mistakes)))
    return [this.button, this.body]
  }

  change() {
    this.answer = null
    this.kept = new Map()
    this.complain("")
    show(this.body, false)
    this.judge()
  }

  recolour() {
    this.kept = new Map()
    this.judge()
  }

  redraw() {
    const { checkpoint } = this.data
    const stale = this.answer && checkpoint && this.answer.checkpoint !== checkpoint[0]
    show(this.button, Boolean(stale) && !this.judging)
    say(this.button, checkpoint ? `Judge epoch ${checkpoint[1].toFixed(2)}` : "")
  }

  async judge() {
    const { run } = this.data
    this.judging = true
    this.complain("")
    try {
      const answer = await ask(`${this.data.addresses.classify}/confusion`, { theme: this.theme })
      if (run !== this.data.run) return
      this.answer = answer
      this.classifier = answer.rows.find((row) => row.classifier === this.classifier?.classifier) ?? answer.rows.at(-1)
      show(this.body, true)
      this.draw()
    } catch (error) {
      if (run === this.data.run) this.complain(error.message)
    } finally {
      this.judging = false
      this.redraw()
    }
  }

  draw() {
    const { rows } = this.answer
    const names = Object.fromEntries(rows.map((row) => [row.classifier, row.classifier]))
    this.chooser.replaceChildren(...(rows.length > 1 ? [choice("Classifier", names, this.classifier.classifier, (name) => {
      this.classifier = rows.find((row) => row.classifier === name)
      this.drawMatrix()
    })] : []))
    this.drawMatrix()
  }

  drawMatrix() {
    const { classifier: row, answer } = this
    const { names } = answer
    this.head.replaceChildren(
      el("b", {}, `${row.error.toFixed(2)} %`),
      el("span", {}, ` ± ${row.deviation.toFixed(2)} of ${answer.images.toLocaleString("en")} held-out images wrong, ${row.classifier}, epoch ${answer.epoch.toFixed(2)}`))
    this.table.replaceChildren(matrix(row, names, (truth, guess) => this.open(truth, guess)))
    this.table.classList.toggle("labc-dense", names.length > 12)
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(csv(row, names))}`
    this.csv.download = `run-${this.data.run}-confusion.csv`
    show(this.csv, true)
    this.mistakes.replaceChildren(...row.mistakes.map((each) =>
      picture(each.picture, `${names[each.truth]} taken for ${names[each.answer]}`, `${names[each.truth]} → ${names[each.answer]}`, percent(each.probability), each.number)))
    if (!row.mistakes.length) this.mistakes.append(el("p", { class: "labc-foot" }, "Not a single mistake."))
    this.open(...row.worst)
  }

  async open(truth, guess) {
    const { names, checkpoint } = this.answer
    const { classifier } = this.classifier
    const count = this.classifier.confusion[truth][guess]
    for (const button of this.table.querySelectorAll("button")) {
      const here = button.dataset.cell === `${truth}-${guess}`
      button.setAttribute("aria-pressed", String(here))
      button.tabIndex = here ? 0 : -1
    }
    const wanted = `${classifier} ${truth} ${guess}`
    this.wanted = wanted
    say(this.cellTitle, `${count.toLocaleString("en")} ${count === 1 ? "image" : "images"}: ${names[truth]} taken for ${names[guess]}${count > 100 ? ", the 100 surest" : ""}`)
    if (!count) {
      this.cell.replaceChildren(el("p", { class: "labc-foot" }, "No image is in this cell."))
      return
    }
    try {
      const key = `${wanted} ${checkpoint} ${this.theme}`
      if (!this.kept.has(key)) this.kept.set(key, await ask(`${this.data.addresses.classify}/cell`, { checkpoint, classifier, truth, answer: guess, theme: this.theme }))
      if (this.wanted !== wanted) return
      const { images } = this.kept.get(key)
      this.cell.replaceChildren(...images.map((each) => picture(each.picture, `${names[truth]} taken for ${names[guess]}`, percent(each.probability), "", each.number)))
    } catch (error) {
      if (this.wanted === wanted) this.cell.replaceChildren(el("p", { class: "labc-problem" }, error.message))
    }
  }
}

function picture(address, alt, first, second, number) {
  return el("figure", { class: "labc-image", title: `held-out image ${number + 1}` },
    el("img", { class: "labc-pixels", src: address, alt }),
    el("figcaption", {}, first, ...(second ? [el("br"), second] : [])))
}

/** The matrix as a table of buttons; arrow keys walk over it. */
function matrix(row, names, open) {
  const size = names.length
  const cells = row.confusion.map((counts, truth) => {
    const wrong = counts.reduce((sum, count, guess) => sum + (guess === truth ? 0 : count), 0)
    const most = Math.max(1, ...counts.filter((_, guess) => guess !== truth))
    return counts.map((count, guess) => {
      const share = guess === truth ? 0 : (count / most) * Math.min(1, wrong / 3)
      const button = el("button", {
        type: "button", tabindex: -1, class: guess === truth ? "labc-cell labc-right" : "labc-cell",
        style: `--share: ${(70 * share).toFixed(0)}%`, "data-cell": `${truth}-${guess}`,
        "aria-label": `${count} ${count === 1 ? "image" : "images"}: ${names[truth]} taken for ${names[guess]}`, onclick: () => open(truth, guess),
      }, count ? count.toLocaleString("en") : "")
      button.onkeydown = (event) => {
        const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [0, 0]
        if (!down && !right) return
        event.preventDefault()
        const target = button.closest("table").querySelector(`[data-cell="${(truth + down + size) % size}-${(guess + right + size) % size}"]`)
        target.focus()
        target.click()
      }
      return button
    })
  })
  const error = (value) => value === null ? "none" : `${value.toFixed(1)} %`
  return el("table", { class: "labc-table", "data-testid": "labc-matrix" },
    el("thead", {}, el("tr", {}, el("td", { class: "labc-corner" }, "shows ↓", el("br"), "taken for →"), ...names.map((name) => el("th", { scope: "col" }, name)), el("th", { scope: "col", class: "labc-wrong" }, "wrong"))),
    el("tbody", {}, ...cells.map((buttons, truth) => el("tr", {},
      el("th", { scope: "row" }, names[truth]), ...buttons.map((button) => el("td", {}, button)), el("td", { class: "labc-wrong" }, error(row.class_errors[truth]))))))
}

function csv(row, names) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`
  return [["true class", ...names].map(quoted).join(","), ...row.confusion.map((counts, truth) => [quoted(names[truth]), ...counts].join(","))].join("\n") + "\n"
}
