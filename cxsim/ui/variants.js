// The worlds that stand side by side: rename, remove, look at on What if; more from changes or a ready experiment.
function render({model, el}) {
  el.classList.add("cx-variants");
  let shown = {}, told = "";
  const send = (message) => model.send(message);
  const button = (label, action, full) => {
    const node = part("button", "cx-back", label);
    node.type = "button";
    if (full) node.setAttribute("aria-label", full);
    node.addEventListener("click", action);
    return node;
  };
  const head = part("h2", "cx-side-title", "Worlds side by side");
  const list = part("ol", "cx-worlds");
  const current = part("div", "cx-current");
  const options = part("div", "cx-options");
  el.append(head, list, current, options);

  const choice = (id, label, values, chosen, action) => {
    const box = part("div", "cx-option"), name = part("label", "", label), select = part("select");
    select.id = id;
    name.htmlFor = id;
    for (const one of values) select.append(new Option(one.label, one.value));
    select.value = chosen;
    select.addEventListener("change", () => send({do: action, value: select.value}));
    box.append(name, select);
    return box;
  };

  function world(one, place) {
    const item = part("li", "cx-world");
    item.append(part("span", "cx-letter", one.letter || "–"));
    const body = part("div", "cx-world-body");
    if (one.letter) {
      const name = part("input", "cx-name");
      name.type = "text";
      name.value = one.name;
      name.title = one.name;
      name.maxLength = shown.longest;
      name.setAttribute("aria-label", `Name of variant ${one.letter}`);
      name.addEventListener("change", () => send({do: "variant-rename", place, name: name.value}));
      body.append(name);
    } else {
      body.append(part("div", "cx-fixed", one.name));
    }
    const changes = part("ul", "cx-changes");
    for (const change of one.changes.slice(0, 6)) changes.append(part("li", "", change));
    if (one.changes.length > 6) changes.append(part("li", "", `and ${one.changes.length - 6} more`));
    if (one.changes.length) body.append(changes);
    if (one.letter) {
      const line = part("div", "cx-world-tools");
      line.append(button("look at it", () => {
        send({do: "then", message: {do: "variant-take", place}});
        window.solara.router.push(`/?${shown.world}`);
      }, `Look at variant ${one.letter} on What if`));
      line.append(button("remove", () => send({do: "variant-remove", place}), `Remove variant ${one.letter}`));
      body.append(line);
    }
    item.append(body);
    return item;
  }

  const draw = () => {
    const text = model.get("data");
    shown = JSON.parse(text);
    if (!shown.worlds || text === told) return;
    told = text;
    const focused = document.activeElement && el.contains(document.activeElement) ? document.activeElement.id : "";
    list.replaceChildren(...shown.worlds.map((one, place) => world(one, place - 1)));
    current.replaceChildren();
    if (shown.changes.length) {
      current.append(part("h3", "", "Changed on What if"));
      const changes = part("ul", "cx-changes");
      for (const change of shown.changes) changes.append(part("li", "", change));
      const add = part("button", "cx-button", "Add as variant");
      add.type = "button";
      add.addEventListener("click", () => send({do: "variant-add"}));
      current.append(changes, add);
    } else {
      current.append(part("p", "cx-none", "Move levers on What if, then add the changes as a variant there or here."));
    }
    options.replaceChildren(
      choice("cx-experiment", "Variants of a ready experiment", shown.experiments, "", "experiment"),
      choice("cx-replications", "Replications of every world", shown.replicationsOptions, shown.replications, "replications"),
    );
    if (focused) el.querySelector("#" + focused)?.focus();
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
