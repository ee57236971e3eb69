// The line on top: what is looked at, undo and redo, sharing, light and dark; it also keeps the address.
function render({model, el}) {
  el.classList.add("cx-header");
  let shown = {};
  const send = (message) => model.send(message);
  const button = (label, action, title) => {
    const node = part("button", "cx-button", label);
    node.type = "button";
    if (title) node.title = title;
    node.addEventListener("click", action);
    return node;
  };
  const choice = (label, action) => {
    const select = part("select", "cx-choice");
    select.setAttribute("aria-label", label);
    select.title = label;
    select.addEventListener("change", () => send({do: action, value: select.value}));
    select.update = (options, chosen) => {
      const told = JSON.stringify(options);
      if (select.dataset.told !== told) {
        select.dataset.told = told;
        select.replaceChildren(...options.map((option) => new Option(option.label, option.value)));
      }
      select.value = String(chosen);
    };
    return select;
  };
  const brand = part("h1", "cx-brand", "cxsim");
  const pages = part("nav", "cx-pages");
  pages.setAttribute("aria-label", "Pages");
  const scenario = choice("World", "scenario");
  const customers = choice("Customers", "customers");
  const days = choice("Time", "days");
  const undo = button("\u21b6", () => send({do: "undo"}), "Undo (Ctrl+Z)"); // arrows, so that all fits into one line
  const redo = button("\u21b7", () => send({do: "redo"}), "Redo (Ctrl+Shift+Z)");
  undo.setAttribute("aria-label", "Undo");
  redo.setAttribute("aria-label", "Redo");
  const reset = button("Reset", () => send({do: "reset"}), "Take back all changes");
  const share = button("Share", () => { send({do: "share", open: true}); dialog.showModal(); });
  const theme = button("Dark", () => {
    const next = shown.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("cx-theme", next); } catch (error) { /* private windows keep nothing */ }
    send({do: "theme", theme: next});
  });
  const tools = part("div", "cx-tools");
  tools.append(undo, redo, reset, share, theme);
  const dialog = part("dialog", "cx-dialog");
  dialog.setAttribute("aria-labelledby", "cx-share-title");
  const title = part("h2", "", "Take it with you");
  title.id = "cx-share-title";
  const body = part("div", "cx-share");
  const close = button("Close", () => dialog.close());
  dialog.addEventListener("close", () => send({do: "share", open: false}));
  dialog.append(title, body, close);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  el.append(brand, pages, scenario, customers, days, tools, dialog);

  const said = new Map();
  function text(id, label, told, file, note) {
    if (!said.has(id)) {
      const box = part("section", "cx-share-part");
      const head = part("h3", "", label);
      head.id = "cx-share-" + id;
      const area = part("textarea");
      area.readOnly = true;
      area.id = "cx-text-" + id;
      area.setAttribute("aria-labelledby", head.id);
      const line = part("div", "cx-share-buttons");
      const copy = button("Copy", async () => {
        try { await navigator.clipboard.writeText(area.value); } catch (error) { area.select(); document.execCommand("copy"); }
        copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = "Copy"; }, 1500);
      });
      copy.setAttribute("aria-label", `Copy: ${label}`);
      line.append(copy);
      if (file) {
        const save = button("Save as file", () => {
          const link = part("a");
          link.href = URL.createObjectURL(new Blob([area.value], {type: "text/yaml"}));
          link.download = save.dataset.file;
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 1000);
        });
        save.setAttribute("aria-label", `Save as file: ${label}`);
        box.save = save;
        line.append(save);
      }
      box.append(head, part("p", "", note || ""), area, line);
      body.append(box);
      said.set(id, box);
    }
    const box = said.get(id), area = box.querySelector("textarea");
    if (area.value !== told) area.value = told;
    area.rows = Math.min(Math.max(told.split("\n").length, Math.ceil(told.length / 90)), 9);
    if (box.save) box.save.dataset.file = file;
  }

  // a link that the browser follows by itself in a new tab; within the page, the visit's state is kept
  function go(event, path) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button || !window.solara?.router?.push) return;
    event.preventDefault();
    if (path !== shown.page) window.solara.router.push(address(path, ""));
  }
  const address = (path, state) => `/${path}?${shown.query}${state}`;

  function drawPages() {
    if (!pages.children.length) {
      for (const page of shown.pages) {
        const link = part("a", "", page.label);
        link.dataset.page = page.path;
        link.addEventListener("click", (event) => go(event, page.path));
        pages.append(link);
      }
    }
    shown.pages.forEach((page, place) => {
      const link = pages.children[place];
      if (link.textContent !== page.label) link.textContent = page.label;
      link.href = address(page.path, "");
      if (page.path === shown.page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  const draw = () => {
    shown = JSON.parse(model.get("data"));
    if (!shown.scenarios) return;
    drawPages();
    scenario.update(shown.scenarios, shown.scenario);
    customers.update(shown.customersOptions, shown.customers);
    days.update(shown.daysOptions, shown.days);
    undo.disabled = !shown.canUndo;
    redo.disabled = !shown.canRedo;
    reset.disabled = !shown.changed;
    theme.textContent = shown.theme === "dark" ? "Light" : "Dark";
    theme.setAttribute("aria-label", shown.theme === "dark" ? "Light theme" : "Dark theme");
    document.documentElement.dataset.cxTheme = shown.theme;
    const state = Object.entries(shown.state).map(([key, value]) => `&${key}=${encodeURIComponent(value)}`).join("");
    const here = address(shown.page, state);
    if (location.pathname + location.search !== here) history.replaceState(history.state, "", here);
    text("link", "Link to this page with its changes", location.origin + here);
    if (!shown.shared) return; // told when the dialog is open
    for (const [id, box] of said) {
      if (id !== "link" && !shown.shared.some((one) => one.id === id)) { box.remove(); said.delete(id); }
    }
    for (const one of shown.shared) text(one.id, one.label, one.text, one.file, one.note);
  };
  const keys = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || dialog.open) return;
    const typing = event.target.matches && event.target.matches("input[type=text], input[type=search], input[type=number], textarea");
    if (typing) return;
    event.preventDefault();
    send({do: event.shiftKey ? "redo" : "undo"});
  };
  window.addEventListener("keydown", keys);
  const size = new ResizeObserver(() => { // what stands below keeps clear of it, however many lines it takes
    document.documentElement.style.setProperty("--cx-top", `${el.offsetHeight + 1}px`);
  });
  size.observe(el);
  draw();
  let kept = null;
  try { kept = localStorage.getItem("cx-theme"); } catch (error) { /* private windows keep nothing */ }
  const wanted = kept || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  if (wanted !== shown.theme) send({do: "theme", theme: wanted});
  model.on("change:data", draw);
  return () => { model.off("change:data", draw); window.removeEventListener("keydown", keys); size.disconnect(); };
}

export default {render};
