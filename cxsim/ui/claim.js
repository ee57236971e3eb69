// One claim, opened: the way back, what was asked, how it came out, and what can be done with it.
function render({model, el}) {
  el.classList.add("cx-opened");
  let told = "";
  const send = (message) => model.send(message);
  function button(label, action, name) {
    const node = part("button", name || "cx-button", label);
    node.type = "button";
    node.addEventListener("click", action);
    return node;
  }
  const draw = () => {
    const text = model.get("data");
    if (text === told) return;
    told = text;
    const shown = JSON.parse(text);
    if (!shown.question) return;
    const back = button("\u2190 All claims", () => send({do: "claim", value: ""}), "cx-back");
    const head = part("div", "cx-claim-head"), badge = part("span", "cx-badge", shown.verdict);
    badge.dataset.outcome = shown.verdict;
    head.append(badge, part("span", "cx-claim-topic", shown.topic));
    const title = part("h2", "cx-lead", shown.question);
    title.tabIndex = -1;
    const notes = part("ul", "cx-claim-notes");
    for (const note of shown.notes) notes.append(part("li", "", note));
    const tools = part("div", "cx-claim-tools");
    if (shown.take) {
      const take = button("Take it to What if", () => {
        send(shown.take);
        window.solara.router.push("/?");
      }, "cx-button cx-start");
      take.id = "cx-take";
      tools.append(take);
    }
    tools.append(part("p", "cx-about", shown.taken));
    const code = part("p", "cx-claim-command");
    code.append(part("span", "", "On the command line: "), part("code", "", shown.command));
    const finding = part("p", "cx-finding", shown.finding);
    finding.hidden = !shown.finding;
    el.replaceChildren(back, head, title, part("p", "cx-claim-words", shown.claim), finding, notes, tools, code);
    if (window.cxOpening) whenThere(title, () => title.focus({preventScroll: true}));
    window.cxOpening = false;
    window.scrollTo(0, 0);
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
