// Where everybody is at an instant: the same rules as cxsim.results.tracks.position, for all dots at once.
const NOT_YET = 0, AWAY = 1, AT = 2, QUEUE = 3, SERVED = 4, PARCEL = 5, LEFT = 6, DRIFTED = 7, ENDED = 8;
const KINDS = {i4: Int32Array, u1: Uint8Array, i1: Int8Array};

// A world as it was sent: its lists, a cursor into each for every dot, and room for where the dots are now.
function openWorld(told, view) {
  const world = {...told};
  for (const [name, [kind, offset, length]] of Object.entries(told.lists)) {
    const from = view.byteOffset + offset, type = KINDS[kind];
    world[name] = new type(view.buffer.slice(from, from + length * type.BYTES_PER_ELEMENT));
  }
  const n = world.count = world.numbers.length;
  world.index = new Map([...world.numbers].map((number, i) => [number, i]));
  world.stay = world.stay_first.slice(0, n);
  world.moodAt = world.mood_first.slice(0, n);
  world.parcelAt = world.parcel_first.slice(0, n);
  world.momentAt = world.moment_first.slice(0, n);
  world.from = new Int32Array(n);
  world.to = new Int32Array(n);
  world.share = new Float64Array(n);
  world.moodNow = new Uint8Array(n);
  world.rank = new Int32Array(n);
  world.x = new Float64Array(n);
  world.y = new Float64Array(n);
  world.queues = world.stops.map(() => []);
  const going = [...world.stay_state.keys()].filter((s) => world.stay_state[s] >= LEFT);
  going.sort((a, b) => world.stay_begin[a] - world.stay_begin[b]);
  world.goneSeat = new Map(going.map((s, seat) => [s, seat]));
  world.waits = world.stops.map(() => []); // longest wait in seconds, by stop and day
  for (let s = 0; s + 1 < world.stay_state.length; s += 1) {
    if (world.stay_state[s] !== QUEUE || world.stay_begin[s + 1] < world.stay_begin[s]) continue;
    const day = Math.floor(world.stay_begin[s] / 86400), waits = world.waits[world.stay_stop[s]];
    waits[day] = Math.max(waits[day] || 0, world.stay_begin[s + 1] - world.stay_begin[s]);
  }
  return world;
}

// The latest entry that has begun, from where the cursor stands; the first if none has.
function moved(cursor, first, last, begins, t) {
  while (cursor + 1 < last && begins[cursor + 1] <= t) cursor += 1;
  while (cursor > first && begins[cursor] > t) cursor -= 1;
  return cursor;
}

// Bring every dot to an instant; `glide` is how many seconds it is on a way at most.
function locate(world, t, glide) {
  for (const queue of world.queues) queue.length = 0;
  const {stay_first, stay_begin, stay_state, stay_stop, stay_met, stay_legs, mood_first, mood_begin, mood} = world;
  for (let i = 0; i < world.count; i += 1) {
    const first = stay_first[i], last = stay_first[i + 1];
    const here = world.stay[i] = moved(world.stay[i], first, last, stay_begin, t);
    const feels = world.moodAt[i] = moved(world.moodAt[i], mood_first[i], mood_first[i + 1], mood_begin, t);
    world.moodNow[i] = mood[feels];
    const begin = stay_begin[here], end = here + 1 < last ? stay_begin[here + 1] : Infinity;
    const way = Math.min(glide, (end - begin) / 2);
    let from = here, to = here, share = 0;
    if (!stay_met[here] && here > first && t < begin + way) {
      from = here - 1;
      share = (t - begin) / way;
    } else if (stay_legs[here] > 0 && t > end - way) {
      const walked = (t - (end - way)) / way * stay_legs[here], whole = Math.floor(walked);
      from = here + whole;
      to = from + 1;
      share = walked - whole;
    }
    world.from[i] = from;
    world.to[i] = to;
    world.share[i] = share;
    world.rank[i] = 0;
    if (stay_state[here] === QUEUE) world.queues[stay_stop[here]].push(i);
    if (world.parcel_first[i + 1] > world.parcel_first[i]) {
      world.parcelAt[i] = moved(world.parcelAt[i], world.parcel_first[i], world.parcel_first[i + 1],
        world.parcel_ordered, t);
    }
    if (world.moment_first[i + 1] > world.moment_first[i]) {
      world.momentAt[i] = moved(world.momentAt[i], world.moment_first[i], world.moment_first[i + 1],
        world.moment_at, t);
    }
  }
  for (const queue of world.queues) {
    queue.sort((a, b) => stay_begin[world.stay[a]] - stay_begin[world.stay[b]] || a - b);
    queue.forEach((i, rank) => { world.rank[i] = rank; });
  }
}

// Elapsed share of the time promised for a dot's latest parcel; null if it has none under way.
function lead(world, i, t) {
  const p = world.parcelAt[i];
  if (p >= world.parcel_first[i + 1] || t < world.parcel_ordered[p] || t >= world.parcel_end[p]) return null;
  return (t - world.parcel_ordered[p]) / Math.max(world.parcel_promised[p] - world.parcel_ordered[p], 1);
}

// What is known of one dot now, by name; for tests and for those who cannot see it.
function told(world, i, t) {
  const {stay_state, stay_stop} = world, from = world.from[i], to = world.to[i];
  return {
    state: stay_state[from], stop: stay_stop[from], to_state: stay_state[to], to_stop: stay_stop[to],
    share: world.share[i], mood: world.moodNow[i], rank: world.rank[i],
    lead: stay_state[world.stay[i]] === PARCEL ? lead(world, i, t) : null,
  };
}
