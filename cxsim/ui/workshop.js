// A workshop on the wall: one slide per step, keys for clickers, and the line at the bottom. Charts and stage follow below.
function render({model, el}) {
  el.classList.add("cx-slide-panel");
  let shown = {}, told = "", place = "", notes = false, withNames = false;
  const send = (message) => model.send(message);
  const button = (label, action, name = "cx-button") => {
    const node = part("button", name, label);
    node.type = "button";
    node.addEventListener("click", action);
    return node;
  };
  const slide = part("div", "cx-slide"), bar = part("nav", "cx-bar"), black = part("div", "cx-black");
  bar.setAttribute("aria-label", "Steps of the workshop");
  black.hidden = true;
  el.append(slide, bar, black);

  const full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  };
  function heading(text, kicker, asked) {
    const head = part("h2", asked ? "cx-asked" : "", text), above = part("p", "cx-kicker");
    head.tabIndex = -1;
    if (kicker) {
      above.append(part("b", "", kicker[0]), document.createTextNode(kicker[1] ? ` · ${kicker[1]}` : ""));
      slide.append(above);
    }
    slide.append(head);
  }
  const kicker = () => [shown.label, `${shown.title}`];
  const big = (text) => slide.append(part("p", "cx-big", text));
  const small = (text) => slide.append(part("p", "cx-small", text));

  function lobby() {
    heading(shown.scripts.length ? "Workshop" : "No script is there", null);
    big("The room predicts, the model answers. Choose a script, then begin.");
    const list = part("div", "cx-scripts");
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", "Scripts");
    for (const one of shown.scripts) {
      const card = part("button", "cx-script");
      card.type = "button";
      card.id = "cx-script-" + one.value;
      card.setAttribute("aria-pressed", String(one.value === shown.chosen));
      card.append(part("span", "cx-script-title", one.title), part("span", "cx-script-size", one.size),
        part("span", "cx-script-about", one.about));
      card.addEventListener("click", () => send({do: "open", value: one.value}));
      list.append(card);
    }
    slide.append(list);
    if (!shown.chosen) return;
    const row = part("div", "cx-row"), left = part("div");
    const begin = button("Begin", () => send({do: "next"}), "cx-button cx-main-button");
    begin.id = "cx-begin";
    left.append(begin, part("p", "cx-small", shown.ready), part("p", "cx-small",
      "Keys: right and left, or a clicker: on and back. R: reveal. Space: play. F: full screen. N: your notes. B: black."));
    row.append(left);
    if (shown.join) row.append(joining());
    slide.append(row);
  }

  function joining() {
    const box = part("div", "cx-join");
    if (!shown.join.address) {
      const told = part("p", "cx-small", "To let phones predict too, start with ");
      told.append(part("code", "", "--host 0.0.0.0"));
      box.append(told);
      return box;
    }
    if (shown.join.picture) {
      const picture = part("img");
      picture.src = shown.join.picture;
      picture.alt = "QR code of that address, with the code";
      box.append(picture);
    }
    const words = part("div"), seats = shown.join.seats;
    words.append(part("p", "cx-address", shown.join.address), part("p", "cx-code", shown.join.code),
      part("p", "cx-small", seats === 1 ? "1 phone is in" : `${seats} phones are in`));
    if (shown.kind === "lobby") words.append(button("New code", () => send({do: "renew"})));
    box.append(words);
    return box;
  }

  function question() {
    heading(shown.question, kicker());
    const list = part("ul", "cx-worlds-named");
    shown.worlds.forEach((world, number) => {
      const line = part("li");
      line.append(part("b", "", String(number + 1)), part("span", "", world));
      list.append(line);
    });
    if (shown.worlds.length > 1) slide.append(list);
    if (shown.setting) small(shown.setting);
  }

  function predict() {
    heading(shown.ask, kicker(), true);
    const row = part("div", "cx-row"), left = part("div"), right = part("div", "cx-narrow");
    if (shown.number) {
      const field = part("input", "cx-hand"), line = part("form");
      field.id = "cx-hand";
      field.autocomplete = "off";
      field.setAttribute("aria-label", `A number from ${shown.number.low} to ${shown.number.high} ${shown.unit}`);
      field.placeholder = `${shown.number.low} to ${shown.number.high}`;
      line.append(field, button("Add", () => line.requestSubmit()));
      line.addEventListener("submit", (event) => {
        event.preventDefault();
        if (field.value.trim()) send({do: "enter", value: field.value});
        field.value = "";
        field.focus();
      });
      left.append(part("p", "cx-small", `Type what is called out (${shown.unit}); Enter adds it.`), line);
    } else {
      left.append(part("p", "cx-small", "Count hands: the number key of an answer adds one, backspace takes the last back."));
      const answers = part("div", "cx-answers");
      shown.options.forEach((option, number) => {
        const line = part("div", "cx-answer");
        const add = button("+ 1", () => send({do: "enter", value: option.value}));
        add.setAttribute("aria-label", `One more: ${option.label}`);
        line.append(part("b", "", String(number + 1)), part("span", "", option.label),
          part("span", "cx-count", shown.open ? String(option.count) : ""), add);
        answers.append(line);
      });
      left.append(answers);
    }
    const tools = part("p", "cx-small");
    tools.append(button("Take back the last", () => send({do: "take-back"})), document.createTextNode(" "));
    if (!shown.number) tools.append(button(shown.open ? "Hide counts" : "Show counts", () => send({do: "show"})));
    left.append(tools);
    if (shown.setting) left.append(part("p", "cx-small", shown.setting));
    right.append(part("p", "cx-total", String(shown.count)),
      part("p", "", shown.count === 1 ? "prediction" : "predictions"));
    row.append(left, right);
    if (shown.join.address) row.append(joining());
    slide.append(row);
  }

  function levers() {
    heading("Move it, if you like", kicker(), true);
    for (const lever of shown.levers) {
      const box = part("fieldset", "cx-lever-row"), values = part("div", "cx-values");
      box.append(part("legend", "", lever.label));
      lever.values.forEach((value, number) => {
        const label = part("label"), pick = part("input");
        pick.type = "radio";
        pick.name = "cx-" + lever.key;
        pick.id = `cx-${lever.key}-${number}`;
        pick.checked = number === lever.place;
        pick.addEventListener("change", () => send({do: "move", lever: lever.key, place: number}));
        label.append(pick, part("span", "", value + (number === lever.start ? " (predicted for)" : "")));
        values.append(label);
      });
      box.append(values);
      slide.append(box);
    }
    small("Predictions are held against the values they were made for. What you set here is shown beside.");
  }

  function run() {
    heading(shown.look || "Watch", kicker(), true);
    if (shown.setting) small(shown.setting);
  }

  function reveal() {
    heading(shown.sentence || "The worlds are still being lived", kicker(), true);
    if (shown.moved) small(shown.moved);
  }

  function table(rows, head) {
    const box = part("div", "cx-scroll"), sheet = part("table", "cx-result cx-summary"), top = part("thead"), body = part("tbody");
    const line = part("tr");
    for (const text of head) { const cell = part("th", "", text); cell.scope = "col"; line.append(cell); }
    top.append(line);
    for (const row of rows) {
      const one = part("tr");
      row.forEach((text, number) => {
        const cell = part(number ? "td" : "th", "", text);
        if (!number) cell.scope = "row";
        one.append(cell);
      });
      body.append(one);
    }
    sheet.append(top, body);
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "All chapters");
    box.append(sheet);
    return box;
  }

  function lesson() {
    heading(shown.lesson || "The worlds are still being lived", kicker());
    small(`Source: ${shown.source}`);
    small(shown.known);
  }

  function end() {
    heading("What the room predicted, and what came out", [shown.script, "the end"], true);
    slide.append(table(shown.rows, shown.head));
    const line = part("p", "cx-small"), names = part("label"), tick = part("input");
    names.className = "cx-tick";
    const links = [["Slides (PowerPoint)", "/workshop-slides.pptx"], ["Report (one HTML file)", "/workshop-report.html"],
      ["Session (JSON)", "/workshop-session.json"]];
    for (const [label, path] of links) {
      if (path.endsWith("pptx") && !shown.slides) continue;
      const link = part("a", "cx-button", label);
      link.href = path + (withNames && path.endsWith("json") ? "?names=1" : "");
      link.download = "";
      line.append(link, document.createTextNode(" "));
    }
    tick.type = "checkbox";
    tick.checked = withNames;
    tick.addEventListener("change", () => { withNames = tick.checked; told = ""; draw(); });
    names.append(tick, document.createTextNode(" with names in the session file"));
    line.append(names);
    slide.append(line);
    if (!shown.slides) small("For slides install python-pptx: pip install 'cxsim[slides]'.");
    small("Nothing is kept when the server ends, but what you save here. cxsim report SESSION.json makes the report again.");
  }

  function waits() {
    if (!shown.wait) return;
    const box = part("div", "cx-waits"), text = part("p", "", shown.wait.text);
    text.setAttribute("role", "status");
    box.append(text);
    if (shown.wait.share !== null) {
      const line = part("progress");
      line.max = 1;
      line.value = shown.wait.share;
      line.setAttribute("aria-label", "Progress of the simulation");
      box.append(line);
    }
    if (shown.wait.again) box.append(button("Begin again", () => send({do: "again"})));
    slide.append(box);
  }

  function drawBar() {
    bar.replaceChildren();
    if (shown.kind === "lobby") { bar.hidden = true; return; }
    bar.hidden = false;
    const back = button("Back", () => send({do: "back"})), on = button("Next", () => send({do: "next"}));
    bar.append(back, on, part("span", "cx-where", shown.where));
    const steps = part("span", "cx-steps");
    for (const one of shown.steps || []) {
      const step = button(one.label, () => send({do: "step", value: one.value}), "");
      if (one.value === shown.step) step.setAttribute("aria-current", "step");
      steps.append(step);
    }
    on.disabled = shown.kind === "end";
    const tools = [button("Notes", () => { notes = !notes; told = ""; draw(); }), button("Full screen", full),
      button("Leave", () => send({do: "leave"}))];
    bar.append(steps, ...(shown.kind === "end" ? tools.slice(1) : tools));
    document.documentElement.style.setProperty("--cx-below", `${bar.offsetHeight}px`);
  }

  function draw() {
    const text = model.get("data");
    if (text === told) return;
    told = text;
    shown = JSON.parse(text);
    if (!shown.kind) return;
    const here = `${shown.kind} ${shown.place} ${shown.step}`, isNew = here !== place;
    const kept = slide.querySelector("#cx-hand")?.value || "";
    const focused = el.contains(document.activeElement) ? document.activeElement : null;
    const again = focused && (focused.id || focused.getAttribute("aria-label") || focused.textContent);
    slide.replaceChildren();
    ({lobby, end}[shown.kind] || {question, predict, levers, run, reveal, lesson}[shown.step])();
    waits();
    if (shown.problem) {
      const problem = part("p", "cx-problem", shown.problem);
      problem.setAttribute("role", "alert");
      slide.append(problem);
    }
    if (notes && shown.notes?.length) {
      const box = part("aside", "cx-notes-box"), list = part("ul");
      box.setAttribute("aria-label", "Notes for the facilitator");
      for (const note of shown.notes) list.append(part("li", "", note));
      box.append(list);
      slide.append(box);
    }
    drawBar();
    place = here;
    el.dataset.step = shown.step || shown.kind;
    el.dataset.place = String(shown.place);
    document.querySelector(".cx-workshop")?.classList.toggle("cx-presenting", shown.kind !== "lobby");
    const hand = slide.querySelector("#cx-hand");
    if (hand && !isNew) hand.value = kept;
    if (isNew) {
      window.scrollTo(0, 0);
      (hand || slide.querySelector("h2"))?.focus({preventScroll: true});
    } else if (again) {
      const all = [...el.querySelectorAll("button, input, a, [tabindex]")];
      all.find((one) => (one.id || one.getAttribute("aria-label") || one.textContent) === again)?.focus({preventScroll: true});
    }
  }

  const keys = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || shown.kind === undefined) return;
    const target = event.target, field = target.matches?.("input, select, textarea");
    const hand = target.id === "cx-hand", key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (field && !hand && !["PageDown", "PageUp"].includes(key) && target.type !== "checkbox") {
      if (!(target.type === "radio" && ["r", "f", "n", "b"].includes(key))) return;
    }
    const isIdle = !field || (hand && target.value === "");
    const act = {
      PageDown: () => send({do: "next"}), PageUp: () => send({do: "back"}),
      ArrowRight: isIdle && (() => send({do: "next"})), ArrowLeft: isIdle && (() => send({do: "back"})),
      f: full, r: () => send({do: "step", value: "reveal"}),
      n: () => { notes = !notes; told = ""; draw(); }, b: () => { black.hidden = !black.hidden; },
      ".": !hand && (() => { black.hidden = !black.hidden; }),
      " ": shown.step === "run" && !target.matches?.("button, a, summary") && (() => document.querySelector(".st-play")?.click()),
      Backspace: shown.step === "predict" && isIdle && (() => send({do: "take-back"})),
      Enter: shown.kind === "lobby" && shown.chosen && !target.matches?.("button, a, summary, select") && (() => send({do: "next"})),
    }[key];
    if (act) {
      event.preventDefault();
      act();
    } else if (shown.step === "predict" && shown.options?.length && /^[1-9]$/.test(key) && !field) {
      const option = shown.options[Number(key) - 1];
      if (option) { event.preventDefault(); send({do: "enter", value: option.value}); }
    }
  };
  window.addEventListener("keydown", keys);
  draw();
  model.on("change:data", draw);
  return () => { model.off("change:data", draw); window.removeEventListener("keydown", keys); document.documentElement.style.removeProperty("--cx-below"); };
}

export default {render};
