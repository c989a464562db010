// Small helpers. Text is always set as text: a name of a run is never markup.

const SVG = "http://www.w3.org/2000/svg"

function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children)
}

function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children)
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value)
    else if (value === true) node.setAttribute(name, "")
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}

function button(label, title, action, extra = {}) {
  return el("button", { type: "button", "aria-label": title, title, onclick: action, ...extra }, label)
}

/** One of several buttons is pressed; `change` is told which. */
function choice(name, options, chosen, change) {
  const buttons = Object.entries(options).map(([value, label]) =>
    el("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === buttons.find((b) => b.dataset.value === value)))
      change(value)
    }, "data-value": value }, label))
  return el("span", { class: "choice", role: "group", "aria-label": name }, ...buttons)
}

/** Behind a question mark: what to look for, the formula, the unit, the images it is measured on. */
function help(texts) {
  const parts = [["", texts.look], ["Formula", texts.formula], ["Unit", texts.unit], ["Measured on", texts.split]]
  const lines = parts.filter(([, text]) => text).map(([name, text]) =>
    el("p", {}, ...(name ? [el("b", {}, `${name}: `)] : []), text))
  return el("details", { class: "help" }, el("summary", {}, "What to look for"), ...lines)
}

// -- numbers --------------------------------------------------------------------------------------------------------

const whole = new Intl.NumberFormat("en")

/** Significant digits, without a tail of zeros and without exponents where people would not write them. */
function digits(value, count) {
  if (value === null || value === undefined) return "–"
  const number = Number(value)
  if (!Number.isFinite(number)) return String(value)
  if (number !== 0 && (Math.abs(number) < 1e-4 || Math.abs(number) >= 1e7)) return String(Number(number.toPrecision(count)).toExponential()).replace("-", "−").replace("e−", "e-")
  const text = String(Number(number.toPrecision(count)))
  return text.replace("-", "−")
}

function epochText(epoch) {
  return epoch.toFixed(2)
}

/** Text as a file for the person to keep. */
function keep(content, name, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }))
  const link = el("a", { href: address, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
