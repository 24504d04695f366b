// What the page asks the server for; paths are relative, as the page may lie anywhere in a Jupyter server.

const XSRF = document.querySelector("meta[name=xsrf]").content;

export const questions = () => asked("questions");
export const answers = (question) => asked(`answers?${new URLSearchParams({ question })}`);
export const texts = (question, ids) =>
  asked(`texts?${new URLSearchParams([["question", question], ...ids.map((id) => ["id", id])])}`);
export const decide = (question, changes) =>
  asked("decisions", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": XSRF },
    body: JSON.stringify({ question, changes }),
  });

async function asked(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("Nobody answers: coursekit answers has ended. Start it again, and open the address it prints.");
  }
  if (answer.redirected) throw new Error("You are not logged in any more: load the page again.");
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.message ?? `The server says ${answer.status} ${answer.statusText}.`);
}
