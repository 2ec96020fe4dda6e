// Sends lines of the script (docs/simulator.md) and shows them with their answers.

const kLogMost = 30;

/// Sends a line; the answer of the simulator: {ok: true, …} or {ok: false, error: {code, message}}.
export async function send(line) {
  const answer = await ask(line);
  note(line, answer);
  return answer;
}

async function ask(line) {
  try {
    const response = await fetch("/api/v1/commands", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ line }),
    });
    const answer = await response.json();
    return response.ok ? answer : failed("refused", answer.detail);
  } catch {
    return failed("no_answer", "the simulator does not answer");
  }
}

function failed(code, message) {
  return { ok: false, error: { code, message } };
}

function note(line, answer) {
  const log = document.getElementById("log");
  const entry = document.createElement("li");
  entry.className = answer.ok ? "good" : "bad";
  entry.append(code(line), outcome(answer));
  log.prepend(entry);
  while (log.children.length > kLogMost) log.lastElementChild.remove();
}

function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}

function outcome(answer) {
  const text = answer.ok ? summary(answer) : answer.error.message;
  if (!Object.values(answer).some(Array.isArray)) {
    const line = document.createElement("span");
    line.textContent = text;
    return line;
  }
  const whole = document.createElement("details");
  const title = document.createElement("summary");
  title.textContent = text;
  const lists = document.createElement("pre");
  lists.textContent = Object.values(answer).filter(Array.isArray).flat().map(lineOf).join("\n");
  whole.append(title, lists);
  return whole;
}

/// What an answer says beyond that it is one: numbers and words, and lists by their length.
function summary(answer) {
  const parts = Object.entries(answer)
    .filter(([name, value]) => name !== "ok" && name !== "device" && value !== null)
    .map(([name, value]) => (Array.isArray(value) ? `${value.length} ${name}` : `${name} ${value}`));
  return parts.length > 0 ? parts.join(", ") : "done";
}

function lineOf(value) {
  if ("command" in value) return `${value.command} ${value.arguments}`.padEnd(44) + value.does;
  return JSON.stringify(value);
}
