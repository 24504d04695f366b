// What is so of an answer: points, comment, whether it waits. Nothing here looks at the page or asks the server.

export const KEYS = "sdfghjkl"; // of comments; all keyboards have them where they are easy to reach

export const reached = (state) => state.points ?? state.auto;
export const same = (one, other) =>
  one.points === other.points && one.waits === other.waits && (one.comment ?? "") === (other.comment ?? "");
export const given = (state, points) =>
  !state.waits && reached(state) === points ? state : { ...state, points, waits: points === null && state.auto === null };
export const number = (points) => String(Number(points.toFixed(2)));

// Add a digit to what was typed; what would be too many points begins anew.
export function typed(before, digit, most) {
  const longer = before + digit;
  return Number(longer) <= most ? longer : Number(digit) <= most ? digit : null;
}

export function half(state, most) {
  const points = reached(state) ?? 0;
  return Math.min(most, Number.isInteger(points) ? points + 0.5 : Math.floor(points));
}

const parts = (comment) => (comment ?? "").split(/\n\s*\n/).map((part) => part.trim()).filter(Boolean);

// Add a comment below others, with the points it last went with where there are none; or take it away again.
export function commented(state, used, remove) {
  const rest = parts(state.comment).filter((part) => part !== used.text);
  const comment = (remove ? rest : [...rest, used.text]).join("\n\n") || null;
  const first = !remove && state.waits && used.points !== null;
  return { ...(first ? given(state, used.points) : state), comment };
}

export const has = (state, used) => parts(state.comment).includes(used.text);

// Keep the comments that were used, in an order that stays: a key means the same for as long as the page is open.
export function remember(used, states) {
  const fresh = new Map();
  for (const state of states)
    for (const text of parts(state.comment)) {
      const known = used.find((each) => each.text === text) ?? fresh.get(text) ?? { text, count: 0, points: null };
      if (!used.includes(known)) fresh.set(text, known);
      known.count += 1;
      if (!state.waits) known.points = reached(state);
    }
  return [...used, ...[...fresh.values()].sort((one, other) => other.count - one.count)];
}

// Say in a few words how a group stands.
export function summary(members, most) {
  const waiting = members.filter(({ state }) => state.waits);
  const values = [...new Set(members.filter(({ state }) => !state.waits).map(({ state }) => reached(state)))].sort();
  const points = values.map((value) => `${number(value)} / ${number(most)}`).join(" and ");
  const before = waiting.find(({ state }) => state.points !== null);
  if (!waiting.length) return points;
  if (waiting.length < members.length) return `${waiting.length} of ${members.length} not read; the others have ${points}`;
  return before ? `to be read again; had ${number(before.state.points)} / ${number(most)}` : "not read yet";
}
