// The page on which answers in words are read: what is so, what a person does about it, and by which keys.

import * as server from "./server.js";
import { KEYS, commented, given, half, has, number, remember, same, summary, typed } from "./states.js";
import { PAGE, drawCards, drawComments, drawQuestion, drawQuestions, reveal, say } from "./view.js";

let questions = [];
let open = null; // {question, groups, current, htmls: Map(id -> HTML), used: comments, digits: what was typed, fresh: came just now}
const done = []; // what can be undone: [{each: group, question, changes: Map(id -> [before, after])}]
let last = Promise.resolve(); // decisions are written one after the other
let turn = Promise.resolve(); // so is what keys do: one that moves is through before the next counts
let held = false; // while a button of the mouse is down, what is under it stays
let stale = false; // whether something is to be drawn when it may

const group = () => open.groups[open.current];
const waits = (each) => each.members.some(({ state }) => state.waits);

function draw() {
  stale = held || document.activeElement?.id === "comment"; // nothing is drawn over what a person is at
  if (stale) return;
  drawQuestions(questions, open.question, acting(enter));
  drawComments(open.used, group(), open.question.most, put);
  drawCards(open, { go: acting(go), give, comment, left });
}

const left = () => stale && draw();

async function enter(question) {
  document.activeElement?.blur?.(); // saves a comment that is being written
  const groups = await server.answers(question.key);
  const states = groups.flatMap(({ members }) => members.map(({ state }) => state));
  open = { question, groups, current: 0, htmls: new Map(), used: remember([], states), digits: "" };
  history.replaceState(null, "", `#${encodeURIComponent(question.key)}`);
  count();
  drawQuestion(question);
  await go(Math.max(0, groups.findIndex(waits)));
}

async function go(place) {
  if (place < 0 || place >= open.groups.length) return;
  document.activeElement?.blur?.();
  const here = open;
  if (place !== here.current) Object.assign(here, { current: place, digits: "", fresh: true });
  const start = Math.floor(place / PAGE) * PAGE;
  const missing = here.groups.slice(start, start + PAGE).map(({ members }) => members[0].id).filter((each) => !here.htmls.has(each));
  draw();
  if (missing.length) {
    for (const [id, html] of Object.entries(await server.texts(here.question.key, missing))) here.htmls.set(id, html);
    draw();
  }
  reveal();
}

async function next() {
  const { groups, current, question } = open;
  const ahead = [...groups.keys()].map((place) => (current + 1 + place) % groups.length);
  const place = ahead.find((each) => each !== current && waits(groups[each]));
  if (place !== undefined) return go(place);
  await last;
  const turned = questions.map((_, step) => questions[(questions.indexOf(question) + 1 + step) % questions.length]);
  const other = turned.find((each) => each !== question && each.waiting);
  if (!other) return say(waits(group()) ? "This is the last answer that waits." : "All answers are read.");
  await enter(other);
  say(`No other answer of ${question.notebook} waits: this is ${other.notebook}.`);
}

const step = (by) => enter(questions[(questions.indexOf(open.question) + by + questions.length) % questions.length]);

// Have something be so of all answers of the current group: `become` makes a state of a state.
function decide(become) {
  const [here, each] = [open, group()];
  last = last.then(async () => {
    const changes = each.members
      .map(({ id, text, state }) => ({ id, text, seen: state, to: become(state) }))
      .filter(({ seen, to }) => !same(seen, to));
    const written = await write(here, each, changes);
    if (!written.size) return;
    const before = done.at(-1);
    if (before?.each === each && !here.fresh)
      // What was done to a group while it was the current one is undone at once, down to what somebody else did.
      for (const [id, [seen, after]] of written) {
        const [earliest, own] = before.changes.get(id) ?? [seen, seen];
        before.changes.set(id, [same(own, seen) ? earliest : seen, after]);
      }
    else done.push({ each, question: here.question, changes: written });
    here.fresh = false;
  }).catch((error) => say(error.message, true));
}

// Write changes; answers that somebody else has changed meanwhile stay, and the card says so.
async function write(here, each, changes) {
  if (!changes.length) return new Map();
  const { refused, states } = await server.decide(here.question.key, changes);
  for (const member of here.groups.flatMap(({ members }) => members)) member.state = states[member.id] ?? member.state;
  const written = changes.filter(({ id }) => !refused.includes(id));
  here.used = remember(here.used, written.map(({ id }) => states[id]));
  each.conflict = refused.length ? conflict(each, refused, here.question.most) : null;
  say(each.conflict ? "Not saved: somebody else was here." : `Saved${written.length > 1 ? ` for ${written.length} students` : ""}.`, Boolean(each.conflict));
  if (open === here) {
    count();
    draw();
  }
  return new Map(written.map(({ id, seen }) => [id, [seen, states[id]]]));
}

function conflict(each, refused, most) {
  const theirs = each.members.filter(({ id }) => refused.includes(id));
  const comment = theirs[0].state.comment ? `, “${theirs[0].state.comment}”` : "";
  const whose = each.members.length > 1 ? ` for ${refused.length} of ${each.members.length} students` : "";
  return `Somebody else has changed this${whose} since you saw it: ${summary(theirs, most)}${comment}. That stays; decide again to write yours.`;
}

function count() {
  const members = open.groups.flatMap((each) => each.members);
  open.question.total = members.length;
  open.question.waiting = members.filter(({ state }) => state.waits).length;
}

function undo() {
  last = last.then(async () => {
    const entry = done.pop();
    if (!entry) return say("There is nothing to undo.");
    const [id] = entry.changes.keys();
    if (open.question !== entry.question) await enter(entry.question);
    await go(open.groups.findIndex((each) => each.members.some((member) => member.id === id)));
    const changes = group().members
      .filter((member) => entry.changes.has(member.id))
      .map(({ id: own, text }) => ({ id: own, text, seen: entry.changes.get(own)[1], to: entry.changes.get(own)[0] }));
    const written = await write(open, group(), changes);
    open.fresh = true;
    if (written.size) say(`Undone${written.size > 1 ? ` for ${written.size} students` : ""}.`);
  }).catch((error) => say(error.message, true));
  return last;
}

const give = (points) => decide((state) => given(state, points));
const comment = (text) => decide((state) => ({ ...state, comment: text.trim() || null }));

function put(used) {
  const remove = group().members.every(({ state }) => has(state, used));
  return decide((state) => (has(state, used) === remove ? commented(state, used, remove) : state));
}

function digit(key) {
  const { most } = open.question;
  const longer = typed(open.digits, key, most);
  if (longer === null) return say(`There are ${number(most)} points at most.`, true);
  open.digits = longer;
  return give(Number(longer));
}

const dialog = document.getElementById("keys");
const names = document.getElementById("names");

function showNames(shown) {
  document.body.classList.toggle("anonymous", !shown);
  names.setAttribute("aria-pressed", String(shown));
  localStorage.setItem("coursekit-names", shown ? "shown" : "hidden");
}

const ACTIONS = {
  n: next,
  p: () => go(open.current - 1),
  ArrowUp: () => go(open.current - 1),
  ArrowDown: () => go(open.current + 1),
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  c: () => document.getElementById("comment").focus(),
  u: undo,
  a: () => showNames(names.getAttribute("aria-pressed") === "false"),
  "?": () => dialog.showModal(),
  Backspace: () => {
    open.digits = "";
    return give(null);
  },
  ...Object.fromEntries([".", ",", ";"].map((key) => [key, () => decide((state) => given(state, half(state, open.question.most)))])),
  ...Object.fromEntries([...KEYS].map((key, place) => [key, async () => {
    await last; // which may bring a comment that was not used before
    if (open.used[place]) put(open.used[place]);
  }])),
};

const act = (action) => (turn = turn.then(action).catch((error) => say(error.message, true)));
const acting = (action) => (...values) => act(() => action(...values));

document.addEventListener("keydown", (event) => {
  const writing = event.target.matches("textarea");
  if (writing && (event.key === "Escape" || (event.key === "Enter" && event.ctrlKey))) {
    event.target.blur();
    event.target.closest(".card")?.focus();
  }
  const single = !(event.ctrlKey || event.metaKey || event.altKey);
  if (writing || dialog.open || !open || !single || !document.getElementById("by-keys").checked) return;
  // On a French keyboard the row of digits writes digits with Shift only; where a key lies is the same.
  const number = event.code.match(/^(?:Digit|Numpad)([0-9])$/)?.[1];
  const action = number && !(event.shiftKey && /[^0-9]/.test(event.key)) ? () => digit(number) : ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  act(action);
});

document.addEventListener("pointerdown", () => (held = true), true);
for (const end of ["pointerup", "pointercancel"])
  document.addEventListener(end, () => {
    held = false;
    setTimeout(left); // after the click
  }, true);
names.addEventListener("click", () => act(ACTIONS.a));
document.getElementById("help").addEventListener("click", () => act(ACTIONS["?"]));

act(async () => {
  showNames(localStorage.getItem("coursekit-names") !== "hidden");
  questions = await server.questions();
  const wanted = decodeURIComponent(location.hash.slice(1));
  await enter(questions.find(({ key }) => key === wanted) ?? questions.find((each) => each.waiting) ?? questions[0]);
});
