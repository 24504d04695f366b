// What is seen: everything is drawn anew from what is so. Texts of students come as HTML that the server has cleaned;
// all else is put in as text.

import { KEYS, has, number, reached, summary } from "./states.js";

const find = (id) => document.getElementById(id);
const currentCard = () => find("cards").querySelector("[aria-current]");
export const PAGE = 20; // cards that are drawn at a time

export function element(tag, about = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "html") made.innerHTML = value;
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function say(text, warn = false) {
  find("said").textContent = text;
  find("said").classList.toggle("warn", warn);
}

export function drawQuestions(questions, chosen, choose) {
  const rows = questions.map((each, place) => {
    const read = each.total - each.waiting;
    const first = each.assignment !== questions[place - 1]?.assignment;
    const alone = questions.every((other) => other === each || other.notebook !== each.notebook || other.assignment !== each.assignment);
    const count = element("small", {}, element("progress", { max: each.total, value: read, "aria-hidden": "true" }), `${read} / ${each.total}`);
    return element("li", {},
      first && questions.some((other) => other.assignment !== each.assignment) ? element("div", { class: "assignment" }, each.assignment) : null,
      element("button", { type: "button", "aria-current": each === chosen && "true", onclick: () => choose(each) },
        alone ? each.notebook : `${each.notebook}, ${each.cell}`, count));
  });
  find("questions").replaceChildren(...rows);
  const [total, waiting] = ["total", "waiting"].map((name) => questions.reduce((sum, each) => sum + each[name], 0));
  find("all").textContent = `${(total - waiting).toLocaleString("en")} of ${total.toLocaleString("en")} read`;
}

export function drawQuestion(question) {
  find("title").textContent = question.notebook;
  find("worth").textContent = `Model answer · ${number(question.most)} points`;
  for (const [id, html] of [["asked", question.asked], ["model", question.model]]) {
    find(id).innerHTML = html || "There is none in the instructor’s notebook.";
    find(id).lang = html ? question.language : "en";
  }
}

export function drawComments(used, current, most, put) {
  const rows = used.map((each, place) =>
    element("li", {}, element("button", {
      type: "button", onclick: () => put(each),
      "aria-pressed": String(Boolean(current) && current.members.every(({ state }) => has(state, each))),
    }, element("span", {}, KEYS[place] ? element("kbd", {}, KEYS[place]) : ""), each.text,
    element("span", { class: "worth" }, each.points === null ? "" : `${number(each.points)} / ${number(most)}`))));
  find("comments").replaceChildren(...(rows.length ? rows : [element("li", { class: "nothing" }, "None yet.")]));
}

// Draw the page of cards on which the current one is.
export function drawCards({ question, groups, current, htmls }, act) {
  const start = Math.floor(current / PAGE) * PAGE;
  const here = groups.slice(start, start + PAGE);
  find("cards").replaceChildren(...here.map((group, place) => card(question, group, start + place, start + place === current, groups.length, htmls, act)));
  const turn = (to, sign, name) => element("button", { type: "button", "aria-label": name, disabled: to < 0 || to >= groups.length, onclick: () => act.go(to) }, sign);
  find("pager").replaceChildren(...(groups.length > PAGE
    ? [turn(start - PAGE, "‹", "Page before"), ` ${start + 1}–${start + here.length} of ${groups.length} `, turn(start + PAGE, "›", "Page after")]
    : [groups.length === 1 ? "1 text" : `${groups.length} different texts`]));
  const shown = currentCard();
  if (!shown.contains(document.activeElement)) shown.focus({ preventScroll: true });
}

// Have the current card in the middle, with what comes before and after; of a long one the beginning.
export function reveal() {
  const shown = currentCard();
  shown.scrollIntoView({ block: shown.offsetHeight < innerHeight / 2 ? "center" : "start" });
}

function card(question, group, place, isCurrent, total, htmls, act) {
  const { members } = group;
  const many = members.length > 1;
  const waits = members.some(({ state }) => state.waits);
  const comment = members[0].state.comment ?? "";
  const differ = members.some(({ state }) => (state.comment ?? "") !== comment);
  const names = members.map(({ student, name }) => (name ? `${name} (${student})` : student));
  return element("article", {
    class: "card", tabindex: "-1", "aria-current": isCurrent && "true", onclick: () => isCurrent || act.go(place),
    "aria-label": `Answer ${place + 1} of ${total}`,
  },
    element("header", {},
      element("span", {}, String(place + 1)),
      many ? element("span", { class: "many" }, `${members.length} students`) : null,
      element("span", { class: "who", title: names.join("\n") }, names.join(", ")),
      element("span", { class: waits ? "state" : "state read" }, summary(members, question.most))),
    group.empty
      ? element("p", { class: "nothing" }, "Nothing was written.")
      : element("div", { class: "answer text", lang: question.language, html: htmls.get(members[0].id) ?? "…" }),
    group.conflict ? element("p", { class: "conflict", role: "alert" }, group.conflict) : null,
    ...(isCurrent ? [points(question, group, act), box(comment, differ, act)] : comment ? [element("p", { class: "said" }, comment)] : []));
}

function points(question, group, act) {
  const step = question.most <= 5 ? 0.5 : Math.ceil(question.most / 10);
  const values = Array.from({ length: Math.floor(question.most / step) + 1 }, (_, count) => count * step);
  if (values.at(-1) !== question.most) values.push(question.most);
  const is = (value) => group.members.every(({ state }) => !state.waits && reached(state) === value);
  return element("div", { class: "points", role: "group", "aria-label": `Points of ${number(question.most)}` },
    ...values.map((value) => element("button", { type: "button", "aria-pressed": String(is(value)), onclick: () => act.give(value) }, number(value))));
}

function box(comment, differ, act) {
  const label = differ ? "Comments of these answers differ; what you write here is put for all" : "A comment, which the student reads";
  const made = element("textarea", { rows: "1", id: "comment", "aria-label": label, placeholder: label, onchange: () => act.comment(made.value), onblur: act.left });
  made.value = differ ? "" : comment;
  return made;
}
