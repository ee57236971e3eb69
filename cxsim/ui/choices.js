// Choices of a page: selects one below the other, checkboxes in groups, and a button that starts the work.
function render({model, el}) {
  el.classList.add("cx-choices");
  let told = "";
  const send = (message) => model.send(message);
  function select(one) {
    const box = part("div", "cx-option"), name = part("label", "", one.label), list = part("select");
    list.id = "cx-" + one.key;
    name.htmlFor = list.id;
    for (const option of one.options) list.append(new Option(option.label, option.value));
    list.value = one.value;
    list.addEventListener("change", () => send({do: one.key, value: list.value}));
    box.append(name, list);
    if (one.note) box.append(part("p", "cx-about", one.note));
    return box;
  }
  function checks(one) {
    const box = part("fieldset", "cx-option cx-checks");
    box.append(part("legend", "", one.label));
    for (const option of one.options) {
      const line = part("label", "cx-check"), tick = part("input");
      tick.type = "checkbox";
      tick.id = `cx-${one.key}-${option.value}`.replaceAll(/[^A-Za-z0-9_-]/g, "-");
      tick.checked = option.on;
      tick.addEventListener("change", () => send({do: one.key, value: option.value, on: tick.checked}));
      line.append(tick, part("span", "", option.label));
      box.append(line);
    }
    return box;
  }
  function list(one) {
    const box = part("div", "cx-picks");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", one.label);
    for (const option of one.options) {
      const pick = part("button", "cx-pick");
      pick.type = "button";
      pick.id = `cx-${one.key}-${option.value}`;
      pick.setAttribute("aria-pressed", String(option.value === one.value));
      const head = part("span", "cx-pick-head");
      head.append(part("span", "cx-pick-label", option.label), part("span", "cx-pick-size", option.size));
      pick.append(head, part("span", "cx-pick-note", option.note));
      pick.addEventListener("click", () => send({do: one.key, value: option.value}));
      box.append(pick);
    }
    return box;
  }
  const draw = () => {
    const text = model.get("data");
    if (text === told) return;
    told = text;
    const shown = JSON.parse(text);
    if (!shown.choices) return;
    const focused = el.contains(document.activeElement) ? document.activeElement.id : "";
    const parts = shown.choices.map((one) => ({checks, list}[one.kind] || select)(one));
    if (shown.button) {
      const start = part("button", "cx-button cx-start", shown.button.label);
      start.type = "button";
      start.id = "cx-start";
      start.disabled = Boolean(shown.button.disabled);
      start.addEventListener("click", () => send({do: "run"}));
      parts.push(start);
      if (shown.button.note) parts.push(part("p", "cx-about", shown.button.note));
    }
    for (const link of shown.links || []) {
      const act = part("button", "cx-back", link.label);
      act.type = "button";
      act.id = "cx-link-" + link.do;
      act.addEventListener("click", () => send({do: link.do}));
      parts.push(act);
    }
    el.replaceChildren(...(shown.title ? [part("h2", "cx-side-title", shown.title)] : []), ...parts);
    if (focused) document.getElementById(focused)?.focus();
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
