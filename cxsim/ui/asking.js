// What panels of the page Journey share: making parts, and wishes that are sent until they were heard.
function act(label, action, full) {
  const node = part("button", "cx-back", label);
  node.type = "button";
  if (full) node.setAttribute("aria-label", full);
  node.addEventListener("click", action);
  return node;
}

// Two wishes sent shortly after each other could become one on the way; so all that were not heard go together.
function asker(model, panel) {
  let n = Date.now(), open = [];
  return {
    send(wish) {
      n += 1;
      open.push({...wish, n});
      model.set("asked", JSON.stringify({panel, all: open}));
      model.save_changes();
    },
    hear(heard) { open = open.filter((wish) => wish.n > heard); },
    get waits() { return open.length > 0; },
  };
}
