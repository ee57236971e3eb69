// What all panels share.
function part(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

// a widget is drawn before it stands in the page, and only what stands there can have the focus
function whenThere(node, act, tries = 120) {
  if (node.isConnected) act();
  else if (tries) requestAnimationFrame(() => whenThere(node, act, tries - 1));
}

