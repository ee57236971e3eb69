// A file to take away: saved by the browser, and the command that goes on with it.
function render({model, el}) {
  el.classList.add("cx-save");
  const draw = () => {
    const shown = JSON.parse(model.get("data"));
    if (!shown.file) return;
    const save = part("button", "cx-button cx-start", shown.label);
    save.type = "button";
    save.addEventListener("click", () => {
      const link = part("a");
      link.href = URL.createObjectURL(new Blob([shown.text], {type: "text/yaml"}));
      link.download = shown.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    const line = part("p", "cx-about");
    line.append(part("span", "", shown.note + " "), part("code", "", shown.command));
    el.replaceChildren(save, line);
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
