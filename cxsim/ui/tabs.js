// Tabs, as the practices for accessible pages want them: arrows move, one is in the tab order.
function render({model, el}) {
  const list = document.createElement("div");
  list.className = "cx-tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Charts by theme");
  el.append(list);
  const choose = (key) => {
    model.send({do: "tab", tab: key});
  };
  const draw = () => {
    const shown = JSON.parse(model.get("data"));
    if (!shown.tabs) return;
    if (!list.children.length) {
      for (const tab of shown.tabs) {
        const button = document.createElement("button");
        button.type = "button";
        button.id = "tab-" + tab.key;
        button.dataset.key = tab.key;
        button.textContent = tab.label;
        button.setAttribute("role", "tab");
        button.addEventListener("click", () => { mark(tab.key); choose(tab.key); });
        list.append(button);
      }
    }
    mark(shown.chosen);
  };
  const mark = (key) => {
    for (const button of list.children) {
      const chosen = button.dataset.key === key;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  };
  list.addEventListener("keydown", (event) => {
    const all = [...list.children], here = all.indexOf(document.activeElement);
    const to = {ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1}[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    next.focus();
    next.click();
  });
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
