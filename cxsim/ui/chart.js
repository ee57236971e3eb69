// A Plotly chart with its finding as a heading. Plotly is loaded once per page.
let loading = null;

function fromText(text) {
  return fromAddress(URL.createObjectURL(new Blob([text], {type: "text/javascript"})));
}

function fromAddress(address) {
  return new Promise((done, failed) => {
    const hidden = window.define; // the library must not see the loader of the page
    const script = document.createElement("script");
    window.define = undefined;
    script.src = address;
    script.onload = () => { window.define = hidden; done(window.Plotly); };
    script.onerror = () => { window.define = hidden; failed(new Error("no " + address)); };
    document.head.appendChild(script);
  });
}

function library(model) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  if (loading) return loading;
  const address = model.get("address");
  if (address) {
    const root = (window.solara && window.solara.rootPath) || "";
    loading = fromAddress(root + address);
  } else {
    loading = new Promise((done) => {
      model.on("change:library", () => { if (model.get("library")) fromText(model.get("library")).then(done); });
      model.set("asked", "library");
      model.save_changes();
    });
  }
  return loading;
}

async function render({model, el}) {
  el.classList.add("cx-chart");
  const box = document.createElement("figure");
  const finding = document.createElement("h3");
  const about = document.createElement("p");
  const place = document.createElement("div");
  place.setAttribute("role", "img");
  box.append(finding, about, place);
  el.append(box);
  const Plotly = await library(model);
  let busy = false, waiting = false;
  let hears = false;
  const picked = (event) => { // a point that names a part tells so to whoever listens
    const name = event.points[0]?.customdata?.[0];
    if (typeof name !== "string") return;
    model.send({do: "pick", value: name});
  };
  const draw = async () => {
    if (busy) { waiting = true; return; }
    busy = true;
    const shown = JSON.parse(model.get("data"));
    if (shown.figure) {
      el.dataset.name = shown.name;
      finding.textContent = shown.finding;
      about.textContent = shown.about;
      place.setAttribute("aria-label", shown.finding);
      const empty = shown.figure.data.length === 0 && !(shown.figure.layout.shapes || []).length;
      box.classList.toggle("cx-nothing", empty);
      place.hidden = empty;
      if (!empty) {
        place.style.height = shown.figure.layout.height + "px";
        await Plotly.react(place, shown.figure.data, shown.figure.layout, {displayModeBar: false, responsive: true});
        if (!hears) { hears = true; place.on("plotly_click", picked); }
      }
      el.dataset.revision = shown.revision;
      window.cxDrawn = performance.now();
    }
    busy = false;
    if (waiting) { waiting = false; draw(); }
  };
  await draw();
  model.on("change:data", draw);
  const watch = new ResizeObserver(() => {
    if (place.offsetParent && place.data && !place.hidden) Plotly.Plots.resize(place);
  });
  watch.observe(el);
  return () => { model.off("change:data", draw); watch.disconnect(); Plotly.purge(place); };
}

export default {render};
