// Claims as cards: the question, a small picture of its worlds, what came out in words and figures; a click opens one.
function track(row) {
  const line = part("div", "cx-dot-row"), place = part("div", "cx-dot-track");
  line.append(part("span", "cx-dot-label", row.label), place);
  if (row.band) {
    const band = part("i", "cx-dot-band");
    band.style.left = `${row.band[0]}%`;
    band.style.width = `${row.band[1] - row.band[0]}%`;
    place.append(band);
  }
  for (const dot of row.dots) {
    if (dot.low !== null && dot.high - dot.low > 0.5) {
      const reach = part("i", "cx-dot-reach");
      reach.style.left = `${dot.low}%`;
      reach.style.width = `${dot.high - dot.low}%`;
      place.append(reach);
    }
    const point = part("i", dot.first ? "cx-dot cx-dot-first" : "cx-dot");
    point.style.left = `${dot.mean}%`;
    point.title = dot.text;
    place.append(point);
  }
  line.append(part("span", "cx-dot-text", row.text));
  return line;
}

function picture(shown) {
  const box = part("div", "cx-dots");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", shown.told);
  box.append(part("p", "cx-dots-about", shown.about), ...shown.rows.map(track));
  return box;
}

function render({model, el}) {
  el.classList.add("cx-gallery");
  let told = "";
  const send = (message) => model.send(message);
  function card(one, query) {
    const box = part("article", "cx-claim"), head = part("div", "cx-claim-head");
    const badge = part("span", "cx-badge", one.verdict);
    badge.dataset.outcome = one.verdict;
    head.append(badge, part("span", "cx-claim-topic", one.topic));
    const title = part("h3"), open = part("a", "", one.question);
    open.id = `cx-claim-${one.id}`;
    open.href = `/claims?${query}&${one.address}`;
    open.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      window.cxOpening = true;
      send({do: "claim", value: one.id});
    });
    title.append(open);
    const effect = part("p", "cx-claim-effect");
    effect.append(part("strong", "", one.effect), part("span", "", one.measured));
    const notes = part("ul", "cx-claim-notes");
    for (const note of one.notes) notes.append(part("li", "", note));
    box.append(head, title, part("p", "cx-claim-words", one.claim), picture(one.picture), effect, notes);
    return box;
  }
  const draw = () => {
    const text = model.get("data");
    if (text === told) return;
    told = text;
    const shown = JSON.parse(text);
    if (!shown.cards) return;
    const lead = part("h2", "cx-lead", shown.lead);
    lead.tabIndex = -1;
    el.replaceChildren(lead, part("p", "cx-about", shown.about), ...shown.cards.map((one) => card(one, shown.query)));
    if (!shown.cards.length) el.append(part("p", "cx-waiting", "No claim of this theme came out so."));
    const left = el.querySelector(`#cx-claim-${shown.left || "none"}`);
    if (left) whenThere(left, () => { left.focus({preventScroll: true}); left.scrollIntoView({block: "center"}); });
  };
  draw();
  model.on("change:data", draw);
  return () => model.off("change:data", draw);
}

export default {render};
