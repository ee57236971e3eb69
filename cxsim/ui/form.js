// The form of a part: fields as the format has them, each with its meaning, its range and what is wrong with it.
const WAIT = 350; // after the last key, before it is checked

function render({model, el}) {
  el.classList.add("cx-form");
  const asks = asker(model, "form");
  let shown = {}, shape = "", updates = [], timers = new Map();

  const flush = () => { for (const [, run] of [...timers.values()]) run(); };
  const idOf = (field) => "field-" + field.path.join("-").replaceAll(/[^A-Za-z0-9_-]/g, "-");
  const full = (field) => field.path.slice(shown.path.length).join(" ").replaceAll("_", " ");

  function typing(field, read) {
    const id = idOf(field);
    const now = () => { const waits = timers.get(id); if (waits) { clearTimeout(waits[0]); timers.delete(id); } asks.send({do: "set", path: field.path, text: read()}); };
    return {
      soon() { const waits = timers.get(id); if (waits) clearTimeout(waits[0]); timers.set(id, [setTimeout(now, WAIT), now]); },
      settle() { if (timers.has(id)) now(); },
      get waits() { return timers.has(id); },
    };
  }

  function trouble(box, input, field) {
    const note = part("p", "cx-field-problem");
    note.id = idOf(field) + "-problem";
    box.append(note);
    return (now) => {
      if (note.textContent !== now.problem) note.textContent = now.problem;
      note.hidden = !now.problem;
      box.classList.toggle("cx-wrong", Boolean(now.problem));
      if (!input) return;
      input.setAttribute("aria-invalid", String(Boolean(now.problem)));
      const told = [now.problem ? note.id : "", input.dataset.help || ""].filter(Boolean).join(" ");
      if (told) input.setAttribute("aria-describedby", told); else input.removeAttribute("aria-describedby");
    };
  }

  function head(box, field, input) {
    const label = part(input ? "label" : "span", "cx-field-label", field.label + (field.required ? " (needed)" : ""));
    if (input) label.htmlFor = input.id;
    const line = part("div", "cx-field-head");
    line.append(label);
    if (field.entry) line.append(act("remove", () => { flush(); asks.send({do: "remove", path: field.path}); }, `Remove ${full(field)}`));
    box.append(line);
    return label;
  }

  function help(box, field, input, brief) {
    const text = [brief ? "" : field.help, field.allowed && !brief ? upper(field.allowed) + "." : ""].filter(Boolean).join(" ");
    if (!text) { if (input && (field.help || field.allowed)) input.title = [field.help, field.allowed].filter(Boolean).join(" "); return; }
    const note = part("p", "cx-field-help", text);
    note.id = idOf(field) + "-help";
    if (input) input.dataset.help = note.id;
    box.append(note);
  }
  const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  function text(field, brief) {
    const box = part("div", "cx-field" + (brief ? " cx-brief" : ""));
    const long = field.own.length > 60 || /description|source/.test(String(field.path.at(-1)));
    const input = part(long ? "textarea" : "input");
    input.id = idOf(field);
    if (long) input.rows = 3; else input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    const late = typing(field, () => input.value);
    input.addEventListener("input", () => late.soon());
    input.addEventListener("change", () => late.settle());
    head(box, field, input);
    if (brief) input.setAttribute("aria-label", full(field));
    box.append(input);
    help(box, field, input, brief);
    const wrong = trouble(box, input, field);
    updates.push([field, (now) => {
      if (!late.waits && !(asks.waits && document.activeElement === input) && input.value !== now.own) input.value = now.own;
      input.placeholder = now.holds;
      wrong(now);
    }]);
    return box;
  }

  function choice(field, brief) {
    const box = part("div", "cx-field" + (brief ? " cx-brief" : ""));
    const input = part("select");
    input.id = idOf(field);
    input.addEventListener("change", () => { flush(); asks.send({do: "set", path: field.path, text: input.value}); });
    head(box, field, input);
    if (brief) input.setAttribute("aria-label", full(field));
    box.append(input);
    help(box, field, input, brief);
    const wrong = trouble(box, input, field);
    let told = "";
    updates.push([field, (now) => {
      const held = now.options.find(([value]) => value === now.holds);
      const options = now.required && now.own ? now.options : [["", now.holds ? `as it is: ${held ? held[1] : now.holds}` : "none"], ...now.options];
      if (JSON.stringify(options) !== told) {
        told = JSON.stringify(options);
        input.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
      }
      input.value = now.own;
      wrong(now);
    }]);
    return box;
  }

  const simple = (field) => field.kind === "text" || field.kind === "choice";

  function group(field) {
    const box = part("fieldset", "cx-field cx-group-field");
    const legend = part("legend", "cx-field-label", field.label + (field.required ? " (needed)" : ""));
    box.append(legend);
    if (field.entry) {
      const remove = act("remove", () => { flush(); asks.send({do: "remove", path: field.path}); }, `Remove ${full(field)}`);
      remove.classList.add("cx-entry-remove");
      box.append(remove);
    }
    help(box, field, null, false);
    const inline = field.parts.length <= 3 && field.parts.every(simple);
    const rows = part("div", inline ? "cx-inline" : "cx-fields");
    rows.append(...field.parts.map((one) => make(one, inline)));
    box.append(rows);
    updates.push([field, trouble(box, null, field)]);
    return box;
  }

  function optional(field) {
    const box = part("fieldset", "cx-field cx-group-field");
    box.append(part("legend", "cx-field-label", field.label));
    help(box, field, null, false);
    if (field.is_there) {
      box.append(act("take it out", () => { flush(); asks.send({do: "away", path: field.path}); }, `Take out ${full(field)}`));
      const rows = part("div", "cx-fields");
      rows.append(...field.parts.map((one) => make(one)));
      box.append(rows);
    } else box.append(act("add one", () => { flush(); asks.send({do: "there", path: field.path}); }, `Add ${full(field)}`));
    updates.push([field, trouble(box, null, field)]);
    return box;
  }

  function map(field) {
    const box = part("fieldset", "cx-field cx-group-field");
    box.append(part("legend", "cx-field-label", field.label));
    help(box, field, null, false);
    const rows = part("div", field.parts.every(simple) ? "cx-rows" : "cx-fields");
    rows.append(...field.parts.map((one) => make(one, simple(one))));
    box.append(rows);
    if (field.add === null || field.add.length) {
      const line = part("div", "cx-add-line");
      const name = part(field.add === null ? "input" : "select");
      name.id = idOf(field) + "-add";
      name.setAttribute("aria-label", `Name to add to ${full(field)}`);
      if (field.add === null) { name.type = "text"; name.maxLength = 120; name.placeholder = "name"; } else
        name.append(...field.add.map((one) => new Option(one.replaceAll("_", " "), one)));
      const add = () => { if (name.value.trim()) { flush(); asks.send({do: "add", path: field.path, name: name.value.trim()}); } };
      name.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
      line.append(name, act("add", add, `Add to ${full(field)}`));
      box.append(line);
    }
    updates.push([field, trouble(box, null, field)]);
    return box;
  }

  function list(field) {
    const box = part("fieldset", "cx-field cx-group-field");
    box.append(part("legend", "cx-field-label", field.label));
    help(box, field, null, false);
    const rows = part("div", "cx-fields");
    rows.append(...field.parts.map((one) => make(one)));
    box.append(rows, act("add one", () => { flush(); asks.send({do: "append", path: field.path}); }, `Add to ${full(field)}`));
    updates.push([field, trouble(box, null, field)]);
    return box;
  }

  const makers = {text, choice, group, duration: group, optional, map, list};
  const make = (field, brief) => makers[field.kind](field, brief);

  const bare = (field) => [field.path, field.kind, field.is_there, field.add, field.entry, field.required, field.parts.map(bare)];
  const each = (fields) => fields.flatMap((field) => [field, ...each(field.parts)]);

  function build() {
    timers.forEach(([timer]) => clearTimeout(timer));
    timers = new Map();
    updates = [];
    const focused = el.contains(document.activeElement) ? document.activeElement.id : "";
    const top = part("div", "cx-form-head");
    const title = part("h2", "cx-lead", shown.title);
    title.tabIndex = -1;
    top.append(title);
    if (shown.entry) {
      const line = part("div", "cx-form-tools");
      const label = part("label", "", "Name"), name = part("input");
      name.type = "text";
      name.id = "cx-name-of-part";
      name.maxLength = 40;
      name.value = shown.path.at(-1);
      label.htmlFor = name.id;
      const rename = () => { if (name.value.trim() && name.value.trim() !== shown.path.at(-1)) { flush(); asks.send({do: "rename", path: shown.path, name: name.value.trim()}); } };
      name.addEventListener("change", rename);
      line.append(label, name,
        act("copy", () => { flush(); asks.send({do: "copy", path: shown.path, name: shown.free}); }, `Copy ${shown.title}`),
        act("up", () => asks.send({do: "move", path: shown.path, by: -1}), `Move ${shown.title} up`),
        act("down", () => asks.send({do: "move", path: shown.path, by: 1}), `Move ${shown.title} down`),
        act("remove", () => asks.send({do: "remove", path: shown.path}), `Remove ${shown.title}`));
      top.append(line);
    }
    if (shown.about) top.append(part("p", "cx-about", shown.about));
    const others = part("p", "cx-problem");
    top.append(others);
    updates.push([null, () => { others.textContent = shown.others; others.hidden = !shown.others; }]);
    const fields = part("fieldset", "cx-fields cx-all-fields");
    fields.append(part("legend", "cx-hidden", `Fields of ${shown.title}`));
    updates.push([null, () => { fields.disabled = !shown.readable; }]);
    fields.append(...shown.fields.map((field) => make(field)));
    el.replaceChildren(top, fields);
    if (focused) (document.getElementById(focused) || title).focus();
  }

  const draw = () => {
    shown = JSON.parse(model.get("data"));
    if (!shown.fields) return;
    asks.hear(shown.heard);
    const now = JSON.stringify([shown.path, shown.title, shown.fields.map(bare)]);
    if (now !== shape) { shape = now; build(); }
    const known = new Map(each(shown.fields).map((field) => [idOf(field) + field.kind, field]));
    for (const [field, update] of updates) update(field && (known.get(idOf(field) + field.kind) || field));
    el.dataset.part = shown.path.join(".");
    el.dataset.turn = shown.turn;
  };
  draw();
  model.on("change:data", draw);
  return () => { flush(); model.off("change:data", draw); };
}

export default {render};
