// What panels of the page Journey share.

function act(label, action, full) {
  const node = part("button", "cx-back", label);
  node.type = "button";
  if (full) node.setAttribute("aria-label", full);
  node.addEventListener("click", action);
  return node;
}

// Wishes of a panel, numbered: as long as one was not heard, what the server shows is older than what was typed.
function asker(model, panel) {
  let n = Date.now(), heard = n;
  return {
    send(wish) {
      n += 1;
      model.send({...wish, panel, n});
    },
    hear(number) { heard = Math.max(heard, number); },
    get waits() { return n > heard; },
  };
}

