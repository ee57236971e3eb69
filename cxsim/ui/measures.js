// Measures as cards or as a table; every number opens its formula.
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function why(measure) {
  const box = part("details", "cx-why");
  const head = part("summary", "", "why?");
  head.setAttribute("aria-label", `Why? ${measure.label}: formula and source`);
  const text = part("div", "cx-why-text");
  box.append(head, text);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { box.open = false; head.focus(); } });
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    document.querySelectorAll(".cx-why[open]").forEach((other) => { if (other !== box) other.open = false; });
    const edge = text.getBoundingClientRect();
    text.classList.toggle("cx-left", edge.right > window.innerWidth - 8);
  });
  return box;
}

function explain(text, measure) {
  const lines = [measure.formula];
  if (measure.unit) lines.push(`Unit: ${measure.unit}.`);
  lines.push(measure.better);
  if (measure.interval) lines.push(`Value ${measure.value}; 95 % interval ${measure.interval}, over ` +
    `${measure.replications} replications.`);
  if (measure.baseline && measure.change) lines.push(`As it is: ${measure.baseline}. Difference ${measure.change}` +
    (measure.changeInterval ? `, 95 % interval ${measure.changeInterval}` : "") + "; both worlds have the same luck.");
  lines.push("Source: computed by the simulation (cxsim/results/measures.py), after the warm-up.");
  const told = lines.join("\n");
  if (text.dataset.told === told) return;
  text.dataset.told = told;
  text.replaceChildren(...lines.map((line) => part("p", "", line)));
}

function card(measure) {
  const box = part("section", "cx-card");
  box.dataset.measure = measure.name;
  box.append(part("h2", "", measure.label), part("div", "cx-value"), part("div", "cx-unit"),
    part("div", "cx-change"), part("div", "cx-verdict"), part("div", "cx-interval"), why(measure));
  return box;
}

function fill(box, measure) {
  set(box.querySelector(".cx-value"), measure.value);
  set(box.querySelector(".cx-unit"), measure.note || measure.unit);
  const change = box.querySelector(".cx-change");
  set(change, measure.change);
  change.dataset.verdict = measure.verdict;
  const verdict = box.querySelector(".cx-verdict");
  set(verdict, measure.verdict);
  verdict.dataset.verdict = measure.verdict;
  set(box.querySelector(".cx-interval"), measure.changeInterval ? `${measure.changeInterval}` : "");
  explain(box.querySelector(".cx-why-text"), measure);
}

function row(measure) {
  const line = part("tr");
  line.dataset.measure = measure.name;
  const name = part("th", "", measure.label);
  name.scope = "row";
  const told = part("td");
  told.append(why(measure));
  line.append(name, part("td", "cx-value"), part("td", "cx-unit"), part("td", "cx-change"), part("td", "cx-interval"),
    part("td", "cx-verdict"), told);
  return line;
}

function fillRow(line, measure) {
  set(line.querySelector(".cx-value"), measure.value);
  set(line.querySelector(".cx-unit"), measure.note || measure.unit);
  set(line.querySelector(".cx-change"), measure.change);
  set(line.querySelector(".cx-interval"), measure.changeInterval);
  const verdict = line.querySelector(".cx-verdict");
  set(verdict, measure.verdict);
  verdict.dataset.verdict = measure.verdict;
  explain(line.querySelector(".cx-why-text"), measure);
}

function render({model, el}) {
  const boxes = new Map();
  let place = null, layout = "";
  const draw = () => {
    const shown = JSON.parse(model.get("data"));
    if (!shown.measures) return;
    if (layout !== shown.layout) {
      layout = shown.layout;
      boxes.clear();
      if (layout === "table") {
        const table = part("table", "cx-table");
        const head = part("thead");
        const line = part("tr");
        for (const name of ["Measure", "Value", "Unit", "Difference", "95 % interval", "Verdict", "Why"]) {
          const cell = part("th", "", name);
          cell.scope = "col";
          line.append(cell);
        }
        head.append(line);
        place = part("tbody");
        table.append(head, place);
        el.replaceChildren(table);
      } else {
        place = part("div", "cx-cards");
        place.setAttribute("role", "group");
        place.setAttribute("aria-label", "Measures");
        el.replaceChildren(place);
      }
    }
    for (const measure of shown.measures) {
      if (!boxes.has(measure.name)) {
        const box = layout === "table" ? row(measure) : card(measure);
        boxes.set(measure.name, box);
        place.append(box);
      }
      (layout === "table" ? fillRow : fill)(boxes.get(measure.name), measure);
    }
    place.classList.toggle("cx-compared", shown.measures.some((measure) => measure.change));
    el.dataset.revision = shown.revision;
    window.cxNumbers = performance.now();
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
