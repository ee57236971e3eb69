// The scenario as text, checked while it is typed; every problem leads to its line. Files come and go here.
const PAUSE = 400;

function render({model, el}) {
  el.classList.add("cx-text");
  const asks = asker(model, "text");
  let shown = {}, timer = 0, waits = false, told = "", lookedAt = "journey";
  const head = part("div", "cx-text-head");
  const title = part("h2", "cx-side-title", "As a file");
  title.id = "cx-text-title";
  const file = part("span", "cx-part-note");
  const choose = part("input");
  choose.type = "file";
  choose.accept = ".yaml,.yml";
  choose.hidden = true;
  choose.setAttribute("aria-label", "Scenario file");
  const open = part("button", "cx-button", "Open a file");
  const save = part("button", "cx-button", "Save as file");
  open.type = save.type = "button";
  head.append(title, file, open, save, choose);
  const refused = part("p", "cx-problem");
  refused.setAttribute("role", "alert");
  refused.hidden = true;
  const frame = part("div", "cx-code");
  const lines = part("div", "cx-lines");
  lines.setAttribute("aria-hidden", "true");
  const area = part("textarea");
  area.id = "cx-yaml";
  area.spellcheck = false;
  area.wrap = "off";
  area.setAttribute("aria-labelledby", title.id);
  area.setAttribute("autocapitalize", "off");
  frame.append(lines, area);
  const problems = part("ul", "cx-problems");
  problems.setAttribute("aria-label", "Problems");
  const note = part("p", "cx-about", "Checked while you type, with the sentences of cxsim scenario check. Ctrl+Z in the text takes back keys; Undo above takes back steps.");
  el.append(head, refused, frame, problems, note);

  function number() {
    const count = area.value.split("\n").length;
    const wrong = new Set((shown.problems || []).map((one) => one.line));
    const key = count + " " + [...wrong].join();
    if (key !== told) {
      told = key;
      lines.replaceChildren(...Array.from({length: count}, (_, place) => part("div", wrong.has(place + 1) ? "cx-wrong-line" : "", String(place + 1))));
    }
    lines.scrollTop = area.scrollTop;
  }
  const send = () => { clearTimeout(timer); if (waits) { waits = false; asks.send({do: "text", text: area.value}); } };
  area.addEventListener("input", () => { number(); waits = true; clearTimeout(timer); timer = setTimeout(send, PAUSE); });
  area.addEventListener("change", send);
  area.addEventListener("scroll", () => { lines.scrollTop = area.scrollTop; });

  function show(line) {
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = area.value.indexOf("\n", before);
    area.focus();
    area.setSelectionRange(before, end < 0 ? area.value.length : end);
    area.scrollTop = Math.max((line - 5) * 18, 0);
    area.scrollLeft = 0;
  }

  async function take(chosen) {
    refused.hidden = true;
    if (!chosen) return;
    const say = (sentence) => { refused.textContent = `${chosen.name} ${sentence}`; refused.hidden = false; };
    if (chosen.size > shown.longest * 4) { say(`has ${Math.round(chosen.size / 1000)} kB; at most ${shown.longest.toLocaleString("en")} letters are taken here.`); return; }
    try {
      const text = new TextDecoder("utf-8", {fatal: true}).decode(await chosen.arrayBuffer());
      asks.send({do: "file", file: chosen.name, text: text.replaceAll("\r\n", "\n")});
    } catch (error) { say("is not text in UTF-8."); }
  }
  open.addEventListener("click", () => choose.click());
  choose.addEventListener("change", async () => { await take(choose.files[0]); choose.value = ""; });
  el.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  el.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  save.addEventListener("click", () => {
    send();
    const link = part("a");
    link.href = URL.createObjectURL(new Blob([area.value], {type: "text/yaml"}));
    link.download = shown.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  const draw = () => {
    shown = JSON.parse(model.get("data"));
    if (shown.text === undefined) return;
    asks.hear(shown.heard);
    area.maxLength = shown.longest;
    file.textContent = shown.file;
    if (!waits && !asks.waits && area.value !== shown.text) {
      const [top, left, at] = [area.scrollTop, area.scrollLeft, area.selectionStart];
      area.value = shown.text;
      if (document.activeElement === area) area.setSelectionRange(at, at);
      area.scrollTop = top;
      area.scrollLeft = left;
    }
    area.setAttribute("aria-invalid", String(shown.problems.length > 0));
    problems.replaceChildren(...shown.problems.map((one) => {
      const item = part("li", one.note ? "cx-note-line" : "");
      if (one.line) {
        item.append(act(one.text, () => { show(one.line); if (one.part) asks.send({do: "part", path: one.part}); }));
      } else item.textContent = one.text;
      return item;
    }));
    problems.hidden = !shown.problems.length;
    if (shown.part !== lookedAt && document.activeElement !== area && !waits) {
      if (shown.line) area.scrollTop = (shown.line - 2) * 18;
    }
    lookedAt = shown.part;
    number();
    el.dataset.turn = shown.turn;
  };
  draw();
  model.on("change:data", draw);
  return () => { send(); model.off("change:data", draw); };
}

export default {render};
