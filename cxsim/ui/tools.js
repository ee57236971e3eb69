// Where the edited scenario stands, and what can be done with it.
function render({model, el}) {
  el.classList.add("cx-tools-line");
  const asks = asker(model, "tools");
  const said = part("p", "cx-said");
  said.setAttribute("role", "status");
  const problem = part("p", "cx-problem");
  problem.setAttribute("role", "alert");
  const buttons = part("div", "cx-tools-buttons");
  el.append(said, buttons, problem);
  let told = "";
  const draw = () => {
    const shown = JSON.parse(model.get("data"));
    if (!shown.buttons) return;
    asks.hear(shown.heard);
    if (said.textContent !== shown.said) said.textContent = shown.said;
    said.dataset.valid = String(shown.valid);
    if (problem.textContent !== shown.problem) problem.textContent = shown.problem;
    problem.hidden = !shown.problem;
    const now = JSON.stringify(shown.buttons);
    if (now !== told) {
      told = now;
      const focused = el.contains(document.activeElement) ? document.activeElement.id : "";
      buttons.replaceChildren(...shown.buttons.map((one) => {
        const button = part("button", "cx-button", one.label);
        button.type = "button";
        button.id = "cx-do-" + one.do;
        button.disabled = one.disabled;
        button.title = one.title;
        button.addEventListener("click", () => asks.send({do: one.do}));
        return button;
      }));
      if (focused) document.getElementById(focused)?.focus();
    }
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
