// Choosing a file and sending it in pieces: its size is looked at before anything of it is read.
const PIECE = 512 * 1024;

function render({model, el}) {
  el.classList.add("cx-upload");
  const label = part("label", "cx-drop"), input = part("input"), words = part("span", "cx-drop-words");
  const state = part("p", "cx-about"), bar = part("progress");
  input.type = "file";
  input.id = "cx-file";
  state.setAttribute("role", "status");
  bar.max = 1;
  bar.setAttribute("aria-label", "Progress of the upload");
  bar.hidden = true;
  label.append(words, input);
  el.append(label, bar, state);
  let shown = {}, number = 0, taken = 0, wake = null;

  model.on("change:taken", () => {
    taken = model.get("taken");
    if (wake) wake();
  });
  const until = (wanted) => new Promise((done) => {
    const look = () => { if (taken >= wanted || taken < 0) { wake = null; done(taken >= 0); } };
    wake = look;
    look();
  });

  async function take(file) {
    if (!file) return;
    if (file.size > shown.most) {
      state.textContent = `${file.name} has ${file.size.toLocaleString("en")} bytes; at most `
        + `${shown.most.toLocaleString("en")} are taken. Nothing of it was read.`;
      return;
    }
    const ending = file.name.toLowerCase().split(".").pop();
    if (!shown.endings.includes(ending)) {
      state.textContent = `${file.name} ends in ".${ending}"; taken are .${shown.endings.join(", .")}. Nothing was read.`;
      return;
    }
    number += 1;
    const mine = number;
    taken = 0;
    bar.hidden = false;
    state.textContent = `Sending ${file.name} …`;
    model.send({do: "begin", name: file.name, size: file.size, number: mine});
    if (!await until(1)) { bar.hidden = true; state.textContent = ""; return; }
    let sent = 0;
    while (sent < file.size) {
      const piece = await file.slice(sent, sent + PIECE).arrayBuffer();
      if (mine !== number) return;
      sent += piece.byteLength;
      model.send({do: "piece", number: mine}, undefined, [piece]);
      if (!await until(1 + sent)) { bar.hidden = true; state.textContent = ""; return; }
      bar.value = sent / file.size;
    }
    model.send({do: "end", number: mine});
    bar.hidden = true;
    state.textContent = "";
    input.value = "";
  }

  input.addEventListener("change", () => take(input.files[0]));
  label.addEventListener("dragover", (event) => { event.preventDefault(); label.classList.add("cx-over"); });
  label.addEventListener("dragleave", () => label.classList.remove("cx-over"));
  label.addEventListener("drop", (event) => {
    event.preventDefault();
    label.classList.remove("cx-over");
    take(event.dataTransfer.files[0]);
  });
  const draw = () => {
    shown = JSON.parse(model.get("data"));
    if (!shown.endings) return;
    words.textContent = shown.label;
    input.accept = shown.endings.map((ending) => "." + ending).join(",");
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
