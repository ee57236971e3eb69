// How far the numbers are, with a way to stop; and what cannot be done.
function render({model, el}) {
  el.classList.add("cx-status");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", "Progress of the simulation");
  const text = document.createElement("p");
  text.setAttribute("role", "status");
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "cx-button";
  const problem = document.createElement("p");
  problem.className = "cx-problem";
  problem.setAttribute("role", "alert");
  el.append(text, bar, stop, problem);
  let shown = {};
  stop.addEventListener("click", () => {
    model.send({do: shown.running ? "stop" : "again"});
  });
  const draw = () => {
    shown = JSON.parse(model.get("data"));
    if (shown.text === undefined) return;
    bar.value = shown.lived;
    bar.style.visibility = shown.running ? "visible" : "hidden";
    if (text.textContent !== shown.text) text.textContent = shown.text;
    stop.hidden = !(shown.running || shown.stopped);
    stop.textContent = shown.running ? "Stop" : shown.again || "Go on";
    problem.textContent = shown.problem;
    problem.hidden = !shown.problem;
    el.dataset.running = String(shown.running);
    el.dataset.count = String(shown.count);
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
