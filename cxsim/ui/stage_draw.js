// Drawing a world on a canvas: what stands still once, the dots in every frame.
const EVEN = [0.754877666, 0.569840291]; // multiples of these, less their whole parts, fill a square evenly
const SPAN = 2; // parcels late by more than their promised time stand at the end of their track

// Measures of a picture: where stops, seats and tracks are.
function layOut(world, width, height, large) {
  const font = Math.round(Math.max(Math.min(width / (large ? 62 : 80), height / 36, large ? 22 : 14), large ? 13 : 11));
  const n = Math.max(world.count, 1);
  const hasParcels = world.stops.some((stop) => stop.kind === "delivery");
  const trackHeight = hasParcels ? Math.max(height * 0.12, 40) : 0;
  const area = Math.min(height * 0.2, 170) * (width - 24) * 0.72;
  const seat = Math.max(Math.min(Math.sqrt(area / n), large ? 15 : 12), 3.5);
  const homeWidth = (width - 24) * 0.72;
  const columns = Math.max(Math.floor(homeWidth / seat), 1);
  const rows = Math.ceil(n / columns);
  const homeTop = height - rows * seat - 8;
  const trackTop = homeTop - font - 14 - trackHeight;
  const mapBottom = hasParcels ? trackTop - 6 : homeTop - font - 10;
  const furthest = Math.max(...world.stops.map((stop) => stop.x)), across = furthest || 1;
  const lane = mapBottom / 3;
  const margin = Math.min(width * 0.09, 110);
  const stops = world.stops.map((stop) => ({
    x: margin + (width - 2 * margin) * (furthest ? stop.x / across : 0.5), y: (2 - stop.lane) * lane + lane * 0.4,
    size: Math.min(lane * 0.2, width / (across + 1) * 0.16, 26),
  }));
  const cloud = Math.min(lane * 0.34, width / (across + 1) * 0.36);
  const goneLeft = 12 + homeWidth + 24, goneWidth = width - goneLeft - 12;
  const goneColumns = Math.max(Math.floor(goneWidth / seat), 1);
  return {width, height, font, seat, columns, homeTop, trackTop, trackHeight, hasParcels, lane, stops, goneLeft,
    goneColumns, dot: Math.max(Math.min(seat * 0.4, large ? 6 : 5), 1.6), promised: 12 + (width - 24) * 0.62,
    label: Math.max(cloud * 0.62, stops[0].size) + font * 1.05, letters: lane > 5.5 * font ? 14 : 99, cloud, step: Math.max(seat * 0.95, 5)};
}

// Place of a dot in a stay, in pixels; written to `spot`, as this is done for all dots in every frame.
const spot = {x: 0, y: 0};
function place(world, size, i, stay, t) {
  const state = world.stay_state[stay], stop = size.stops[world.stay_stop[stay]];
  if (state === AT) {
    const far = size.cloud * Math.sqrt((i * EVEN[0]) % 1), turn = 2 * Math.PI * ((i * EVEN[1]) % 1);
    const isDesk = world.stops[world.stay_stop[stay]].kind === "desk"; // beside it: who is inside is being served
    spot.x = isDesk ? stop.x + stop.size * 1.25 + far * Math.abs(Math.cos(turn)) : stop.x + far * Math.cos(turn);
    spot.y = stop.y + far * 0.62 * Math.sin(turn);
  } else if (state === QUEUE) {
    const waiting = world.queues[world.stay_stop[stay]].length; // who is on the way there aims at its end
    const rank = world.stay[i] === stay ? world.rank[i] : (world.stay[i] > stay ? 0 : waiting);
    const perRow = Math.max(Math.floor((size.cloud * 2.2) / size.step), 4);
    spot.x = stop.x - stop.size - size.step - (rank % perRow) * size.step;
    spot.y = stop.y + Math.floor(rank / perRow) * size.step;
  } else if (state === SERVED) {
    spot.x = stop.x + ((i * EVEN[0]) % 1 - 0.5) * stop.size;
    spot.y = stop.y + ((i * EVEN[1]) % 1 - 0.5) * stop.size;
  } else if (state === PARCEL) {
    onTrack(world, size, i, lead(world, i, t) ?? 1);
  } else if (state >= LEFT) {
    const seat = world.goneSeat.get(stay);
    spot.x = size.goneLeft + (seat % size.goneColumns + 0.5) * size.seat;
    spot.y = size.homeTop + (Math.floor(seat / size.goneColumns) + 0.5) * size.seat;
  } else {
    spot.x = 12 + (i % size.columns + 0.5) * size.seat;
    spot.y = size.homeTop + (Math.floor(i / size.columns) + 0.5) * size.seat;
  }
}

// Place of a parcel on its track: by how much of the promised time is over.
function onTrack(world, size, i, ratio) {
  const right = size.width - 12;
  spot.x = ratio <= 1 ? 12 + (size.promised - 12) * ratio
    : size.promised + (right - size.promised) * Math.min((ratio - 1) / (SPAN - 1), 1);
  spot.y = size.trackTop + size.font + 8 + ((i * EVEN[0]) % 1) * (size.trackHeight - size.font - 14);
}

function wrapped(label, most) {
  const words = label.split(" ");
  if (label.length <= most || words.length < 2) return [label];
  let best = 1;
  for (let cut = 1; cut < words.length; cut += 1) {
    const uneven = (at) => Math.abs(2 * words.slice(0, at).join(" ").length - label.length);
    if (uneven(cut) < uneven(best)) best = cut;
  }
  return [words.slice(0, best).join(" "), words.slice(best).join(" ")];
}

// All that stands still: lanes, ways between stops, stops and their names, seats, the parcels' track.
function drawStill(g, world, size, look, family) {
  const {width, height, font, stops, lane} = size;
  g.clearRect(0, 0, width, height);
  g.fillStyle = look.wash;
  g.fillRect(0, lane, width, lane);
  g.textBaseline = "alphabetic";
  g.textAlign = "left";
  g.font = `${font - 1}px ${family}`;
  g.fillStyle = look.quiet;
  world.lanes.forEach((name, place) => g.fillText(name, 8, (2 - place) * lane + font + 2));
  for (const [a, b, share, isContact] of world.flows) {
    const from = stops[a], to = stops[b], bend = (to.x - from.x) * 0.5;
    const lift = from.y === to.y && Math.abs(world.stops[b].x - world.stops[a].x) > 1 ? -lane * 0.42 : 0;
    g.strokeStyle = isContact ? look.contact : look.way;
    g.lineWidth = isContact ? 1.4 : Math.max(7 * share, 1.5);
    g.setLineDash(isContact ? [2, 5] : []);
    g.beginPath();
    g.moveTo(from.x, from.y);
    g.bezierCurveTo(from.x + bend, from.y + lift, to.x - bend, to.y + lift, to.x, to.y);
    g.stroke();
  }
  g.setLineDash([]);
  g.textAlign = "center";
  world.stops.forEach((stop, k) => {
    const {x, y, size: half} = stops[k];
    g.fillStyle = look.paper;
    g.strokeStyle = look.ink;
    g.lineWidth = 1.5;
    g.beginPath();
    if (stop.kind === "desk") g.rect(x - half, y - half, 2 * half, 2 * half);
    else g.arc(x, y, half * 0.8, 0, 7);
    g.fill();
    g.stroke();
    g.font = `${font}px ${family}`;
    wrapped(stop.label, size.letters).forEach((line, row) => {
      const at = y + size.label + font * 1.1 * row;
      g.lineWidth = 4;
      g.strokeStyle = look.paper;
      g.strokeText(line, x, at);
      g.fillStyle = look.ink;
      g.fillText(line, x, at);
    });
  });
  drawSeats(g, world, size, look, family);
}

function drawSeats(g, world, size, look, family) {
  const {width, font} = size;
  g.textAlign = "left";
  g.font = `${font}px ${family}`;
  if (size.hasParcels) {
    g.fillStyle = look.wash;
    g.fillRect(12, size.trackTop + font + 4, width - 24, size.trackHeight - font - 4);
    g.fillStyle = look.ink;
    g.fillText(`Ordered and on its way: ${world.parcelNames}`, 12, size.trackTop + font - 2);
    g.strokeStyle = look.ink;
    g.lineWidth = 1.5;
    g.beginPath();
    g.moveTo(size.promised, size.trackTop + font + 4);
    g.lineTo(size.promised, size.trackTop + size.trackHeight);
    g.stroke();
    g.textAlign = "center";
    g.fillText("promised for", size.promised, size.trackTop + font - 2);
    g.textAlign = "right";
    g.fillText("twice that time", width - 12, size.trackTop + font - 2);
  }
  g.textAlign = "left";
  g.fillStyle = look.ink;
  g.fillText("Between journeys", 12, size.homeTop - 4);
  g.fillText("Gone", size.goneLeft, size.homeTop - 4);
  g.fillStyle = look.seat;
  for (let i = 0; i < world.count; i += 1) {
    g.beginPath();
    g.arc(12 + (i % size.columns + 0.5) * size.seat,
      size.homeTop + (Math.floor(i / size.columns) + 0.5) * size.seat, Math.max(size.dot * 0.4, 0.8), 0, 7);
    g.fill();
  }
}

// Every kind of dot as a small picture: copying these is much quicker than drawing a thousand outlines.
function makeStamps(size, look, fine) {
  const wide = 2 * size.dot + 3;
  const stamp = (colour, isSquare) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(wide * fine);
    const g = canvas.getContext("2d");
    g.scale(canvas.width / wide, canvas.height / wide);
    g.fillStyle = colour;
    g.strokeStyle = look.edge;
    g.lineWidth = size.dot < 3 ? 0.3 : 0.6;
    if (isSquare) g.rect(1.5, 1.5, 2 * size.dot, 2 * size.dot);
    else g.arc(wide / 2, wide / 2, size.dot, 0, 7);
    g.fill();
    g.stroke();
    return canvas;
  };
  return {wide, dots: look.moods.map((mood) => stamp(mood, false)), squares: look.moods.map((mood) => stamp(mood, true))};
}

// The dots at an instant, then rings, then whoever is looked at.
function drawDots(g, world, size, look, t, glow, marked) {
  const {width, height, dot} = size;
  g.clearRect(0, 0, width, height);
  const {stay_state, from, to, share, x, y} = world;
  for (let i = 0; i < world.count; i += 1) {
    place(world, size, i, from[i], t);
    let px = spot.x, py = spot.y;
    if (to[i] !== from[i]) {
      place(world, size, i, to[i], t);
      const s = share[i], eased = s * s * (3 - 2 * s);
      px += (spot.x - px) * eased;
      py += (spot.y - py) * eased;
    }
    x[i] = px;
    y[i] = py;
  }
  const stamps = size.stamps, wide = stamps.wide;
  for (let mood = 0; mood < 4; mood += 1) { // the calm first, so that nobody in a worse mood is hidden
    for (let i = 0; i < world.count; i += 1) {
      if (world.moodNow[i] !== mood) continue;
      const state = stay_state[from[i]], rests = from[i] === to[i];
      if (state === NOT_YET && rests) { x[i] = -99; continue; }
      if (state > LEFT && rests) continue;
      const stamp = state === PARCEL && rests ? stamps.squares[mood] : stamps.dots[mood];
      g.drawImage(stamp, x[i] - wide / 2, y[i] - wide / 2, wide, wide);
    }
  }
  drawUnhurt(g, world, size, look);
  drawWaits(g, world, size, look, t);
  drawLeftParcels(g, world, size, look, t);
  drawRings(g, world, size, look, t, glow);
  for (const {i, strong} of marked) drawMark(g, world, size, look, i, strong);
}

// Who is gone without a poor journey: hollow.
function drawUnhurt(g, world, size, look) {
  g.strokeStyle = look.quiet;
  g.lineWidth = 1.2;
  g.beginPath();
  for (let i = 0; i < world.count; i += 1) {
    if (world.stay_state[world.from[i]] <= LEFT || world.from[i] !== world.to[i]) continue;
    g.moveTo(world.x[i] + size.dot * 0.8, world.y[i]);
    g.arc(world.x[i], world.y[i], size.dot * 0.8, 0, 7);
  }
  g.stroke();
}

// The longest wait of the day at every desk, as queues are over in minutes and a day in a second.
function drawWaits(g, world, size, look, t) {
  g.font = `${size.font}px ${look.family}`;
  g.textAlign = "center";
  g.fillStyle = look.quiet;
  world.stops.forEach((stop, k) => {
    if (stop.kind !== "desk") return;
    const longest = world.waits[k][Math.floor(t / 86400)];
    if (!(longest >= 30)) return;
    const text = `longest wait ${Math.max(Math.round(longest / 60), 1)} min`, {x, y} = size.stops[k];
    const rows = wrapped(stop.label, size.letters).length, at = y + size.label + size.font * 1.1 * rows;
    g.lineWidth = 4;
    g.strokeStyle = look.paper;
    g.strokeText(text, x, at);
    g.fillText(text, x, at);
  });
}

// Parcels under way whose customer is elsewhere, such as at a desk: hollow.
function drawLeftParcels(g, world, size, look, t) {
  g.strokeStyle = look.ink;
  g.lineWidth = 1;
  g.beginPath();
  for (let i = 0; i < world.count; i += 1) {
    if (world.stay_state[world.from[i]] === PARCEL || world.stay_state[world.stay[i]] === PARCEL) continue;
    const ratio = lead(world, i, t);
    if (ratio === null) continue;
    onTrack(world, size, i, ratio);
    g.rect(spot.x - size.dot, spot.y - size.dot, 2 * size.dot, 2 * size.dot);
  }
  g.stroke();
}

function drawRings(g, world, size, look, t, glow) {
  if (glow <= 0) return;
  for (let i = 0; i < world.count; i += 1) {
    const m = world.momentAt[i];
    if (m >= world.moment_first[i + 1]) continue;
    const age = (t - world.moment_at[m]) / glow;
    const colour = look.rings[world.moment[m]];
    if (age < 0 || age >= 1 || !colour) continue;
    g.strokeStyle = colour;
    g.globalAlpha = 1 - age * age;
    g.lineWidth = 2.2;
    g.beginPath();
    g.arc(world.x[i], world.y[i], size.dot + 2 + 9 * age, 0, 7);
    g.stroke();
  }
  g.globalAlpha = 1;
}

function drawMark(g, world, size, look, i, strong) {
  if (world.x[i] < 0) return;
  g.strokeStyle = look.accent;
  g.lineWidth = strong ? 3 : 2;
  g.beginPath();
  g.arc(world.x[i], world.y[i], size.dot + (strong ? 6 : 4), 0, 7);
  g.stroke();
  const text = `customer ${world.numbers[i]}`;
  g.font = `600 ${size.font}px ${look.family}`;
  const wide = g.measureText(text).width, right = world.x[i] + size.dot + 10 + wide < size.width;
  const left = right ? world.x[i] + size.dot + 8 : world.x[i] - size.dot - 8 - wide;
  g.fillStyle = look.paper;
  g.globalAlpha = 0.85;
  g.fillRect(left - 3, world.y[i] - size.font * 0.75, wide + 6, size.font * 1.4);
  g.globalAlpha = 1;
  g.fillStyle = look.accent;
  g.textAlign = "left";
  g.fillText(text, left, world.y[i] + size.font * 0.32);
}
