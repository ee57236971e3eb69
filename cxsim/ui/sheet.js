// A table to read and to copy: into a spreadsheet it goes with one column per column.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const area = part("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function render({model, el}) {
  el.classList.add("cx-sheet");
  let told = "";
  const send = (message) => model.send(message);
  const draw = () => {
    const text = model.get("data");
    if (text === told) return;
    told = text;
    const shown = JSON.parse(text);
    if (!shown.head) return;
    const line = part("div", "cx-sheet-head"), title = part("h3", "", shown.title);
    const take = part("button", "cx-button", "Copy table");
    take.type = "button";
    take.setAttribute("aria-label", `Copy table: ${shown.title}`);
    take.addEventListener("click", async () => {
      await copy([shown.head, ...shown.rows].map((row) => row.join("\t").replaceAll("\n", " ")).join("\n"));
      take.textContent = "Copied";
      setTimeout(() => { take.textContent = "Copy table"; }, 1500);
    });
    line.append(title, ...(shown.prose ? [] : [take]));
    let body;
    if (shown.prose) {
      body = part("dl", "cx-prose");
      for (const row of shown.rows) body.append(part("dt", "", row[0]), part("dd", "", row.slice(1).join(" ")));
    } else {
      const table = part("table", "cx-table"), head = part("thead"), names = part("tr");
      shown.head.forEach((name, place) => {
        const cell = part("th", shown.left.includes(place) ? "cx-words" : "", name);
        cell.scope = "col";
        names.append(cell);
      });
      head.append(names);
      const rows = part("tbody");
      shown.rows.forEach((values, number) => {
        const row = part("tr");
        values.forEach((value, place) => {
          const cell = part(place ? "td" : "th", shown.left.includes(place) ? "cx-words" : "", value);
          if (!place) cell.scope = "row";
          const verdict = shown.verdicts?.[number]?.[place];
          if (verdict) {
            cell.dataset.verdict = verdict;
            if (verdict === "better" || verdict === "worse") cell.append(part("span", "cx-told", verdict));
          }
          row.append(cell);
        });
        if (shown.actions) {
          const cell = part("td"), action = shown.actions[number];
          if (action) {
            const go = part("button", "cx-back", action.label);
            go.type = "button";
            go.setAttribute("aria-label", action.full);
            go.addEventListener("click", () => {
              send(action.message);
              if (action.path !== undefined) window.solara.router.push(action.path);
            });
            cell.append(go);
          }
          row.append(cell);
        }
        rows.append(row);
      });
      if (shown.actions) names.append(part("td", "", ""));
      table.append(head, rows);
      body = part("div", "cx-wide-table");
      body.tabIndex = 0;
      body.setAttribute("role", "region");
      body.setAttribute("aria-label", shown.title);
      body.append(table);
    }
    el.replaceChildren(line, ...(shown.about ? [part("p", "cx-about", shown.about)] : []), body);
    el.dataset.name = shown.name || "";
    el.dataset.revision = shown.revision || "";
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
