// Levers in groups. A group's levers are made when it is first opened; a moving slider sends at most 20 values a second.
const percent = (lever) => lever.unit === "share" && lever.kind === "number";
const scale = (lever) => (percent(lever) ? 100 : 1);
const tidy = (number) => Number(number.toPrecision(10));
const short = (number) => Number(number.toPrecision(5)); // for reading, not for sending
const unit = (lever) => (percent(lever) ? "%" : lever.unit);
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function told(lever, value) {
  if (lever.kind === "switch") return value ? "on" : "off";
  if (lever.kind === "choice") return value;
  return `${short(value * scale(lever))} ${unit(lever)}`.trim();
}

function render({model, el}) {
  el.classList.add("cx-levers");
  let sent = model.get("heard"), moving = 0;
  const send = (message) => {
    sent += 1;
    model.send({...message, sent});
  };
  const search = part("input", "cx-search");
  search.type = "search";
  search.placeholder = "Search all levers";
  search.setAttribute("aria-label", "Search all levers");
  const none = part("p", "cx-none", "No lever of that name.");
  none.hidden = true;
  const changed = part("div", "cx-changed");
  const keep = part("button", "cx-back", "add as variant");
  keep.type = "button";
  keep.title = "Keep these changes as a variant on the page Compare";
  keep.addEventListener("click", () => send({do: "variant-add"}));
  const groups = part("div", "cx-groups");
  el.append(search, none, changed, groups);

  let shown = {levers: [], groups: [], values: {}};
  let rows = new Map();
  let key = "";

  const value = (lever) => (lever.path in shown.values ? shown.values[lever.path] : lever.value);

  function row(lever) {
    const box = part("div", "cx-lever");
    const id = "lever-" + lever.path.replaceAll(/[^A-Za-z0-9_-]/g, "-");
    box.dataset.path = lever.path;
    const label = part("label", "cx-label", upper(lever.label));
    label.htmlFor = id;
    const full = (lever.part ? lever.part + ": " : "") + lever.label;
    const line = part("div", "cx-line");
    const why = part("details", "cx-info");
    const head = part("summary", "", "?");
    head.setAttribute("aria-label", `What is this? ${full}`);
    const text = part("div", "cx-info-text");
    text.append(part("p", "", lever.help || upper(lever.label)));
    const range = lever.kind === "number" ? ` Slider: ${told(lever, lever.low)} to ${told(lever, lever.high)}.` : "";
    text.append(part("p", "", `As it is: ${told(lever, lever.value)}.${range}`));
    text.append(part("p", "", `Where it comes from: ${lever.source}.`));
    text.append(part("code", "", lever.path));
    why.append(head, text);
    const back = part("button", "cx-back", "reset");
    back.type = "button";
    back.setAttribute("aria-label", `Reset ${full} to ${told(lever, lever.value)}`);
    back.addEventListener("click", () => {
      send({do: "reset", path: lever.path});
      (box.querySelector("input, select") || search).focus();
    });
    let refresh;
    if (lever.kind === "switch") {
      const input = part("input");
      input.type = "checkbox";
      input.id = id;
      input.addEventListener("change", () => send({do: "move", path: lever.path, value: input.checked, settled: true}));
      line.append(input, label, back, why);
      box.append(line);
      refresh = () => { input.checked = Boolean(value(lever)); };
    } else if (lever.kind === "choice") {
      const input = part("select");
      input.id = id;
      for (const option of lever.options) input.append(new Option(option.replaceAll("_", " "), option));
      input.addEventListener("change", () => send({do: "move", path: lever.path, value: input.value, settled: true}));
      line.append(label, back, why);
      box.append(line, input);
      refresh = () => { input.value = value(lever); };
    } else {
      const many = scale(lever);
      const number = part("input", "cx-number");
      number.type = "number";
      number.id = id;
      number.step = "any";
      if (lever.least !== null) number.min = lever.least * many;
      if (lever.most !== null) number.max = lever.most * many;
      const sign = part("span", "cx-sign", unit(lever));
      const track = part("div", "cx-track");
      const slider = part("input");
      slider.type = "range";
      slider.min = tidy(lever.low * many);
      slider.max = tidy(lever.high * many);
      slider.step = tidy(lever.step * many);
      slider.setAttribute("aria-label", full);
      const mark = part("span", "cx-mark");
      const place = (lever.value - lever.low) / Math.max(lever.high - lever.low, 1e-12);
      mark.style.left = `calc(8px + ${Math.min(Math.max(place, 0), 1)} * (100% - 16px))`;
      mark.title = `as it is: ${told(lever, lever.value)}`;
      track.append(slider, mark);
      let last = 0, timer = 0;
      const move = (settled) => {
        clearTimeout(timer);
        const wanted = tidy(Number(slider.value) / many);
        const busy = model.get("heard") < moving; // the server has not heard the last one yet
        if (!settled && (busy || performance.now() - last < 50)) { timer = setTimeout(() => move(false), 50); return; }
        last = performance.now();
        send({do: "move", path: lever.path, value: wanted, settled});
        moving = sent;
      };
      slider.addEventListener("input", () => {
        number.value = slider.value;
        slider.setAttribute("aria-valuetext", `${slider.value} ${unit(lever)}`.trim());
        window.cxMoved = performance.now();
        move(false);
      });
      slider.addEventListener("change", () => move(true));
      number.addEventListener("change", () => {
        if (number.value === "" || !Number.isFinite(Number(number.value))) { refresh(); return; }
        let wanted = Number(number.value) / many;
        if (lever.least !== null) wanted = Math.max(wanted, lever.least);
        if (lever.most !== null) wanted = Math.min(wanted, lever.most);
        if (lever.whole) wanted = Math.round(wanted);
        slider.value = wanted * many;
        number.value = tidy(wanted * many);
        window.cxMoved = performance.now();
        send({do: "move", path: lever.path, value: tidy(wanted), settled: true});
      });
      line.append(label, back, number, sign, why);
      box.append(line, track);
      refresh = () => {
        if (document.activeElement === slider && slider.matches(":active")) return; // the hand on it knows best
        const now = short(value(lever) * many);
        if (document.activeElement !== number) number.value = now;
        slider.value = now;
        slider.setAttribute("aria-valuetext", `${now} ${unit(lever)}`.trim());
      };
    }
    const all = () => {
      refresh();
      const moved = lever.path in shown.values;
      box.classList.toggle("cx-moved", moved);
      back.hidden = !moved;
    };
    all();
    rows.set(lever.path, [...(rows.get(lever.path) || []), all]);
    return box;
  }

  function list(levers, place) {
    let heading = null;
    for (const lever of levers) {
      if (lever.part && lever.part !== heading) place.append(part("h4", "", upper(lever.part)));
      heading = lever.part;
      place.append(row(lever));
    }
  }

  function byPart(levers) {
    const order = [...new Set(levers.map((lever) => lever.part))];
    return order.flatMap((name) => levers.filter((lever) => lever.part === name));
  }

  function build() {
    rows = new Map();
    groups.replaceChildren();
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const match = (lever) => words.every((word) =>
      `${lever.part} ${lever.label} ${lever.path} ${lever.help}`.toLowerCase().includes(word));
    let found = 0;
    shown.groups.forEach((group, number) => {
      let levers = shown.levers.filter((lever) => lever.group === group.key && match(lever));
      if (!levers.length) return;
      found += levers.length;
      const box = part("details", "cx-group");
      box.dataset.group = group.key;
      const head = part("summary", "", group.label);
      const place = part("div", "cx-group-levers");
      box.append(head, place);
      let filled = false;
      const fill = () => {
        if (filled || !box.open) return;
        filled = true;
        const first = levers.filter((lever) => lever.first || lever.path in shown.values);
        if (words.length || !first.length || first.length === levers.length) {
          list(byPart(levers.slice(0, 80)), place);
          if (levers.length > 80) place.append(part("p", "cx-none", `${levers.length - 80} more: narrow the search.`));
          return;
        }
        list(byPart(first), place);
        const more = part("button", "cx-more", `show all ${levers.length}`);
        more.type = "button";
        more.addEventListener("click", () => {
          for (const lever of levers) rows.delete(lever.path);
          place.replaceChildren();
          list(byPart(levers), place);
          const next = place.querySelector("input, select");
          if (next) next.focus();
        });
        place.append(more);
      };
      box.addEventListener("toggle", fill);
      if (words.length ? found <= 40 : number === 0 || group.key === "delivery" || group.key === "desks") box.open = true;
      fill();
      groups.append(box);
    });
    none.hidden = found > 0;
  }

  function mark() {
    const moved = Object.keys(shown.values).length;
    const told = moved ? `${moved} changed` : "Nothing changed yet: move a lever";
    if (changed.dataset.told !== told) {
      changed.dataset.told = told;
      changed.replaceChildren(told, ...(moved ? [" · ", keep] : []));
    }
    rows.forEach((all) => all.forEach((refresh) => refresh()));
  }

  const draw = () => {
    const next = JSON.parse(model.get("data"));
    if (!next.levers) return;
    shown = {...next, values: JSON.parse(model.get("values"))};
    if (next.key !== key) { key = next.key; build(); }
    mark();
  };
  let typing = 0;
  search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => { build(); mark(); }, 120); });
  draw();
  model.on("change:data", draw);
  model.on("change:values", draw);
  return () => { model.off("change:data", draw); model.off("change:values", draw); };
}

export default {render};
