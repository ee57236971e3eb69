// The stage: clock, controls, keys, pointing and choosing; drawing and tracks are in the parts before this one.
const DAY = 86400, WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

function render({model, el}) {
  const root = part("div", "cx-stage");
  el.append(root);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let data = null, worlds = [], look = null, t = 0, playing = false, speed = 0, last = 0, frames = 0;
  let picked = null, hovered = null, orders = {}, dirty = true, live = true, toldAt = 0, wasEnded = false;
  const send = (message) => model.send(message);
  const days = () => data.seconds / DAY;
  const glide = () => (still.matches ? 0 : Math.min(Math.max(0.5 * data.speeds[speed].days * DAY, 300), DAY / 2));

  // ---- what is on the page
  const bar = part("div", "st-bar");
  const play = part("button", "st-play", "Play");
  play.type = "button";
  const slower = part("button", "st-slower", "−"), faster = part("button", "st-faster", "+");
  slower.setAttribute("aria-label", "Slower");
  faster.setAttribute("aria-label", "Faster");
  slower.type = faster.type = "button";
  const pace = part("output", "st-pace");
  const when = part("input", "st-when");
  when.type = "range";
  when.min = 0;
  when.step = "any";
  when.setAttribute("aria-label", "Day");
  const clock = part("span", "st-clock");
  const picks = part("select", "st-picks");
  picks.setAttribute("aria-label", "Choose a customer");
  bar.append(play, slower, pace, faster, when, clock, picks);
  const legend = part("div", "st-legend");
  const scenes = part("div", "st-scenes");
  const story = part("aside", "st-story");
  story.setAttribute("aria-label", "Story of the customer picked");
  const body = part("div", "st-body");
  body.append(scenes, story);
  const note = part("p", "st-note");
  const spoken = part("p", "st-spoken");
  spoken.setAttribute("aria-live", "polite");
  root.append(bar, legend, body, note, spoken);
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Customers on their journeys. Space plays and pauses, left and right move a day, "
    + "with Shift a week, plus and minus change the speed, Escape lets go of the customer picked.");

  // ---- the clock
  const setPlaying = (value) => {
    if (value && t >= data.seconds) seek(data.first * DAY);
    playing = value;
    last = 0;
    play.textContent = playing ? "Pause" : "Play";
    root.dataset.playing = playing;
    if (!playing) speak();
  };
  const setSpeed = (value) => {
    speed = Math.min(Math.max(value, 0), data.speeds.length - 1);
    pace.textContent = `${data.speeds[speed].label} a second`;
    slower.disabled = speed === 0;
    faster.disabled = speed === data.speeds.length - 1;
    dirty = true;
  };
  const seek = (seconds) => {
    t = Math.min(Math.max(seconds, 0), data.seconds);
    wasEnded = wasEnded && t >= data.seconds;
    dirty = true;
    if (!playing) speak();
  };
  const instant = () => {
    const day = Math.min(Math.floor(t / DAY), Math.ceil(days())), rest = t - day * DAY;
    const hour = String(Math.floor(rest / 3600)).padStart(2, "0");
    const minute = String(Math.floor(rest / 60) % 60).padStart(2, "0");
    const weekday = WEEKDAYS[(data.weekday + day) % 7];
    return {day, text: `Day ${day}, ${weekday}`, clock: `${hour}:${minute}`};
  };
  const speak = () => {
    const now = instant();
    locateAll();
    spoken.textContent = `${now.text} ${now.clock}. ` + worlds.map((world) => {
      const c = counted(world);
      return `${world.name}: ${c.there} customers, ${c.way} on a journey, ${c.queue} waiting, ${c.left} left after a `
        + `poor journey; ${data.moods.map((mood, m) => `${c.moods[m]} ${mood}`).join(", ")}`;
    }).join(". ") + ".";
  };
  const locateAll = () => worlds.forEach((world) => locate(world, t, glide()));
  const counted = (world) => {
    const c = {there: 0, way: 0, queue: 0, parcel: 0, left: 0, gone: 0, moods: [0, 0, 0, 0]};
    for (let i = 0; i < world.count; i += 1) {
      const state = world.stay_state[world.stay[i]];
      if (state === NOT_YET) continue;
      if (state >= LEFT) { c.gone += 1; c.left += state === LEFT; continue; }
      c.there += 1;
      c.way += state !== AWAY;
      c.queue += state === QUEUE;
      c.parcel += state === PARCEL;
      c.moods[world.moodNow[i]] += 1;
    }
    return c;
  };

  // ---- drawing
  const sizeAll = () => {
    const wide = scenes.clientWidth;
    if (!wide || !data) return;
    const side = worlds.length > 1 && wide >= 1100;
    scenes.classList.toggle("st-side", side);
    const top = scenes.getBoundingClientRect().top + scrollY;
    const kept = parseFloat(getComputedStyle(root).getPropertyValue("--cx-below")) || 0; // what a page keeps below it
    const room = Math.max(innerHeight - top - note.offsetHeight - 18 - kept, 320 * (side ? 1 : worlds.length));
    for (const world of worlds) world.drawn.head.style.minHeight = "";
    const headHeight = Math.max(...worlds.map((world) => world.drawn.head.offsetHeight));
    for (const world of worlds) {
      const {box, head, below, above} = world.drawn;
      if (side) head.style.minHeight = `${headHeight}px`;
      const width = Math.floor(box.clientWidth);
      const height = Math.floor(Math.max(room / (side ? 1 : worlds.length) - head.offsetHeight - 10, 250));
      const fine = Math.min(devicePixelRatio || 1, 2);
      for (const canvas of [below, above]) {
        canvas.width = width * fine;
        canvas.height = height * fine;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
        canvas.getContext("2d").setTransform(fine, 0, 0, fine, 0, 0);
      }
      box.style.height = `${height}px`;
      world.size = layOut(world, width, height, data.large);
      world.size.stamps = makeStamps(world.size, look, fine);
      drawStill(below.getContext("2d"), world, world.size, look, look.family);
    }
    dirty = true;
  };
  const draw = () => {
    locateAll();
    const glow = still.matches ? 0 : 0.8 * data.speeds[speed].days * DAY;
    for (const world of worlds) {
      if (!world.size) continue;
      const marked = [[picked, true], [hovered, false]]
        .filter(([number]) => number !== null && world.index.has(number))
        .map(([number, strong]) => ({i: world.index.get(number), strong}));
      drawDots(world.drawn.above.getContext("2d"), world, world.size, look, t, glow, marked);
    }
  };
  const write = () => {
    const now = instant();
    clock.textContent = data.speeds[speed].days < 0.2 || !playing ? `${now.text} ${now.clock}` : now.text;
    when.value = t / DAY;
    when.setAttribute("aria-valuetext", now.text);
    for (const world of worlds) {
      const c = counted(world);
      const parcels = world.parcelNames ? `, ${c.parcel} waiting for ${world.parcelNames}` : "";
      world.drawn.counts.textContent =
        `${c.there} customers: ${c.way} on a journey, ${c.queue} in a queue${parcels}; ${c.left} left after a poor journey`;
      c.moods.forEach((count, m) => { world.drawn.moods[m].textContent = count; });
    }
  };
  const frame = (now) => {
    if (!live) return;
    requestAnimationFrame(frame);
    if (!data || !root.isConnected || !root.offsetParent) { last = 0; return; }
    const passed = last ? Math.min((now - last) / 1000, 0.25) : 0;
    if (playing && still.matches) { // a step a second, without movement
      if (!last) last = now;
      if (now - last >= 1000) { last = now; t = Math.min(t + data.speeds[speed].days * DAY, data.seconds); dirty = true; }
    } else {
      last = now;
      if (playing && passed > 0) { t = Math.min(t + passed * data.speeds[speed].days * DAY, data.seconds); dirty = true; }
    }
    if (dirty) {
      draw();
      dirty = false;
      frames += 1;
      if (now - toldAt > 150 || !playing) { toldAt = now; write(); }
    }
    if (playing && t >= data.seconds) {
      setPlaying(false);
      write();
      if (!wasEnded) { wasEnded = true; send({do: "ended"}); }
    }
  };

  // ---- choosing
  const pick = (number, name) => {
    picked = number;
    hovered = null;
    dirty = true;
    root.dataset.picked = number === null ? "" : number;
    if (number === null) { picks.value = ""; showStory(""); }
    send({do: "pick", customer: number, world: name || worlds[0].name});
  };
  const nearest = (world, event) => {
    const box = world.drawn.above.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    let best = null, least = Math.max(14, world.size.dot * 2.5) ** 2;
    for (let i = 0; i < world.count; i += 1) {
      const far = (world.x[i] - x) ** 2 + (world.y[i] - y) ** 2;
      if (far < least) { least = far; best = world.numbers[i]; }
    }
    return best;
  };
  const showStory = (text) => {
    const shown = text ? JSON.parse(text) : {stories: []};
    const current = picked !== null && shown.customer === picked && shown.stories.length > 0;
    story.hidden = !current;
    root.classList.toggle("st-told", current);
    if (!current) { story.replaceChildren(); requestAnimationFrame(sizeAll); return; }
    const close = part("button", "st-close", "Close");
    close.type = "button";
    close.addEventListener("click", () => pick(null));
    story.replaceChildren(close, ...shown.stories.map((one) => {
      const box = part("section");
      box.append(part("h3", "", one.title));
      if (one.why) box.append(part("p", "st-because", one.why));
      box.append(...one.opening.map((text) => part("p", "", text)));
      const list = part("ol");
      for (const [day, date, text, tone] of one.lines) {
        const item = part("li", tone ? `st-${tone}` : "");
        const jump = part("button", "", date);
        jump.type = "button";
        jump.title = "Show this moment";
        jump.addEventListener("click", () => { setPlaying(false); seek(Math.ceil(day * DAY) + 1); });
        item.append(jump, part("span", "", text));
        list.append(item);
      }
      box.append(list, ...one.closing.map((text) => part("p", "", text)));
      return box;
    }));
    story.scrollTop = 0;
    requestAnimationFrame(sizeAll);
  };
  const showPicks = () => {
    picks.replaceChildren(new Option("Choose a customer …", ""),
      ...data.picks.map((one) => new Option(`${one.label}: customer ${one.customer}`, `${one.customer} ${one.world}`)));
    picks.hidden = data.picks.length === 0;
  };
  picks.addEventListener("change", () => {
    const [number, ...rest] = picks.value.split(" ");
    if (number) pick(Number(number), rest.join(" "));
    else pick(null);
  });

  // ---- controls and keys
  play.addEventListener("click", () => setPlaying(!playing));
  slower.addEventListener("click", () => setSpeed(speed - 1));
  faster.addEventListener("click", () => setSpeed(speed + 1));
  when.addEventListener("input", () => seek(Number(when.value) * DAY));
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !data) return;
    const step = event.shiftKey ? 7 * DAY : DAY;
    const does = {
      " ": () => setPlaying(!playing), ArrowLeft: () => seek(t - step), ArrowRight: () => seek(t + step),
      Home: () => seek(0), End: () => seek(data.seconds), "+": () => setSpeed(speed + 1), "=": () => setSpeed(speed + 1),
      "-": () => setSpeed(speed - 1), Escape: picked === null ? null : () => pick(null),
    }[event.key];
    const own = event.target.tagName === "BUTTON" && event.key === " ";
    if (!does || own || event.target === picks) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  });

  // ---- what was sent
  const openScene = (world) => {
    const box = part("div", "st-canvas"), head = part("div", "st-head"), scene = part("section", "st-scene");
    const below = part("canvas"), above = part("canvas");
    below.setAttribute("aria-hidden", "true");
    above.setAttribute("role", "img");
    above.setAttribute("aria-label", `${world.name}: ${world.count} customers as dots between the touchpoints `
      + `${world.stops.map((stop) => stop.label).join(", ")}`);
    const title = part("h3", "", world.name), counts = part("p", "st-counts");
    const moods = data.moods.map((mood, m) => {
      const one = part("span", "st-mood"), count = part("b", "", "0");
      const dot = part("i");
      dot.style.background = look.moods[m];
      one.append(dot, ` ${mood} `, count);
      return {one, count};
    });
    const line = part("p", "st-moods");
    line.append(...moods.map((mood) => mood.one));
    head.append(title, line, counts);
    box.append(below, above);
    scene.append(head, box);
    world.drawn = {scene, box, head, below, above, counts, moods: moods.map((mood) => mood.count)};
    above.addEventListener("pointermove", (event) => {
      const found = nearest(world, event);
      above.style.cursor = found === null ? "" : "pointer";
      if (found !== hovered) { hovered = found; dirty = true; }
    });
    above.addEventListener("pointerleave", () => { hovered = null; dirty = true; });
    above.addEventListener("click", (event) => {
      const found = nearest(world, event);
      if (found !== null) pick(found, world.name);
    });
    return scene;
  };
  const setLook = () => {
    look = {...data.look, family: getComputedStyle(root).fontFamily};
    for (const name of ["paper", "ink", "quiet", "line", "accent"]) root.style.setProperty(`--st-${name}`, look[name]);
    root.classList.toggle("st-large", data.large);
    legend.replaceChildren(part("span", "", data.about), ...data.rings.map((ring) => {
      const one = part("span", "st-ring"), circle = part("i");
      circle.style.borderColor = ring.colour;
      one.append(circle, ` ${ring.label}`);
      return one;
    }));
  };
  const open = () => {
    const text = model.get("data"), view = model.get("tracks");
    if (!text || text === "{}" || !view || !view.byteLength) return;
    const before = data, now = JSON.parse(text);
    if (now.bytes !== view.byteLength) return; // the other half is still on its way
    data = now;
    setLook();
    if (!before || before.key !== data.key) {
      worlds = data.worlds.map((told) => openWorld(told, view));
      when.max = days();
      setSpeed(data.speed);
      t = data.first * DAY;
      picked = null;
      showPicks();
    } else {
      worlds.forEach((world, w) => Object.assign(world, {name: data.worlds[w].name}));
    }
    scenes.replaceChildren(...worlds.map(openScene));
    note.textContent = data.note;
    story.hidden = picked === null;
    root.dataset.key = data.key;
    obey();
    sizeAll();
  };
  const obey = () => {
    const now = JSON.parse(model.get("orders") || "{}");
    if (!data) return;
    if (now.playing !== undefined && now.playing !== orders.playing && now.playing !== playing) {
      setPlaying(now.playing && !(still.matches && orders.playing === undefined));
    }
    if (now.picked !== undefined && now.picked !== orders.picked && now.picked !== picked) {
      picked = now.picked;
      root.dataset.picked = picked === null ? "" : picked;
      dirty = true;
    }
    orders = now;
    showStory(model.get("story"));
  };
  const onStory = () => showStory(model.get("story"));
  model.on("change:data", open);
  model.on("change:tracks", open);
  model.on("change:orders", obey);
  model.on("change:story", onStory);
  const watch = new ResizeObserver(() => sizeAll());
  watch.observe(root);
  addEventListener("resize", sizeAll);
  root.stage = { // for tests and benchmarks
    seek: (day) => { setPlaying(false); seek(day * DAY); draw(); dirty = false; write(); },
    where: (w, number) => told(worlds[w], worlds[w].index.get(number), t),
    spot: (w, number) => { const i = worlds[w].index.get(number); return [worlds[w].x[i], worlds[w].y[i]]; },
    now: () => t, glide: (value) => (value === undefined ? glide() : value), frames: () => frames,
    speed: setSpeed, play: setPlaying,
  };
  open();
  requestAnimationFrame(frame);
  return () => {
    live = false;
    watch.disconnect();
    removeEventListener("resize", sizeAll);
    model.off("change:data", open);
    model.off("change:tracks", open);
    model.off("change:orders", obey);
    model.off("change:story", onStory);
  };
}

export default {render};
