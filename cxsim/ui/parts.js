// Parts of a scenario in groups: choose one, add one.
function render({model, el}) {
  el.classList.add("cx-parts");
  const asks = asker(model, "parts");
  let shown = {}, told = "";

  function entry(one) {
    const pick = part("button", "cx-part");
    pick.type = "button";
    pick.id = "part-" + one.id;
    pick.setAttribute("aria-pressed", String(one.id === shown.chosen));
    pick.append(part("span", "cx-part-label", one.label));
    if (one.problems) {
      const mark = part("span", "cx-part-mark", String(one.problems));
      mark.setAttribute("aria-label", `${one.problems} to mend`);
      pick.append(mark);
    } else if (one.note) pick.append(part("span", "cx-part-note", one.note));
    pick.addEventListener("click", () => asks.send({do: "part", path: one.path}));
    return pick;
  }

  function adder(section) {
    const box = part("details", "cx-add");
    box.dataset.section = section.id;
    box.append(part("summary", "", `Add to ${section.label.toLowerCase()}`));
    const form = part("form", "cx-add-form");
    const label = part("label", "", "Name"), name = part("input");
    name.type = "text";
    name.maxLength = 40;
    name.autocomplete = "off";
    name.id = `add-${section.id}`;
    label.htmlFor = name.id;
    form.append(label, name);
    const choices = {};
    for (const choice of section.choices || []) {
      const text = part("label", "", choice.label), select = part("select");
      select.id = `add-${section.id}-${choice.key}`;
      text.htmlFor = select.id;
      for (const option of choice.options) select.append(new Option(option.label, option.value));
      select.value = choice.value;
      choices[choice.key] = select;
      form.append(text, select);
    }
    const button = part("button", "cx-button", "Add");
    form.append(button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!name.value.trim()) { name.focus(); return; }
      const more = Object.fromEntries(Object.entries(choices).map(([key, select]) => [key, select.value]));
      asks.send({do: section.choices ? "add-stop" : "add", path: section.path, name: name.value.trim(), ...more});
      name.value = "";
      box.open = false;
    });
    box.append(form);
    return box;
  }

  const draw = () => {
    const text = model.get("data");
    shown = JSON.parse(text);
    if (!shown.groups) return;
    asks.hear(shown.heard);
    const {heard, ...rest} = shown;
    const now = JSON.stringify(rest);
    if (now === told) return;
    told = now;
    const focused = el.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...el.querySelectorAll("details[open]")].map((box) => box.dataset.section);
    const typed = [...el.querySelectorAll("input")].map((input) => [input.id, input.value]);
    el.replaceChildren();
    for (const group of shown.groups) {
      el.append(part("h2", "cx-part-group", group.label));
      for (const section of group.sections) {
        if (section.entries) {
          el.append(part("h3", "cx-part-section", section.label));
          el.append(...section.entries.map(entry));
          const add = adder(section);
          add.open = open.includes(section.id);
          el.append(add);
        } else el.append(entry(section));
      }
    }
    for (const [id, value] of typed) { const input = document.getElementById(id); if (input) input.value = value; }
    if (focused) document.getElementById(focused)?.focus();
    const chosen = el.querySelector('[aria-pressed="true"]');
    if (chosen && !el.contains(document.activeElement)) {
      const side = el.closest(".cx-left-side"), at = chosen.getBoundingClientRect(), box = side?.getBoundingClientRect();
      if (side && (at.top < box.top || at.bottom > box.bottom)) side.scrollTop += at.top - box.top - 80;
    }
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
