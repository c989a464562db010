// The report: what the run came to, each figure with its unit, split and estimator.

function reportOf(data) {
  if (!data.figures.length) return []
  const rows = data.figures.map((item) => el("tr", {},
    el("td", { class: "text" }, item.stage), el("td", { class: "text" }, item.figure), el("td", {}, item.value),
    el("td", { class: "text" }, item.unit), el("td", { class: "text" }, item.split), el("td", { class: "text" }, item.estimator)))
  const table = el("table", { "data-testid": "report" },
    head(["stage", true], ["figure", true], ["value"], ["unit", true], ["measured on", true], ["how", true]), el("tbody", {}, ...rows))
  return [el("section", { class: "panel stack", "aria-label": "Report" }, el("h2", {}, "What it came to"),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Figures" }, table))]
}
