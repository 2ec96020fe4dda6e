// What the buttons sent, what came back, and a line for everything that has no button.
import { t } from "@lib/i18n";
import { useState } from "preact/hooks";
import { type Answer, log, send } from "./simulator";
import { refusal } from "./words";

export function Console() {
  const [line, setLine] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void send(line);
    (event.currentTarget as HTMLFormElement).querySelector("input")?.select();
  };
  return (
    <section class="card bench-card console" aria-labelledby="console-title" data-testid="console">
      <h2 id="console-title">{t("bench.console")}</h2>
      <p class="muted">{t("bench.console.lead")}</p>
      <form class="line" onSubmit={submit}>
        <label class="field grow">
          {t("bench.console.line")}
          <input class="code" value={line} required maxLength={4000} autocomplete="off" spellcheck={false} placeholder="help" onInput={(event) => setLine(event.currentTarget.value)} data-testid="line" />
        </label>
        <button type="submit" class="button" data-testid="send">
          {t("bench.console.send")}
        </button>
      </form>
      <div class="log" role="log" aria-label={t("bench.console.log")} tabIndex={0} data-testid="log">
        <ol>
          {log.value.map((said) => (
            <li key={said.turn} class={said.answer.ok ? "ok" : "nok"}>
              <span class="code">{shortened(said.line)}</span>
              <Outcome answer={said.answer} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

const LONGEST = 120;

function shortened(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
}

function Outcome({ answer }: { answer: Answer }) {
  if (!answer.ok) return <span>{refusal(answer.error)}</span>;
  const told = Object.entries(answer).filter(([name, value]) => name !== "ok" && name !== "device" && value !== null);
  const lists = told.flatMap(([, value]) => (Array.isArray(value) ? (value as object[]) : []));
  const words = told.map(([name, value]) => (Array.isArray(value) ? `${value.length} ${name}` : `${name} ${String(value)}`)).join(", ");
  if (lists.length === 0) return words ? <span lang="en">{words}</span> : <span>{t("bench.console.done")}</span>;
  return (
    <details lang="en">
      <summary>{words}</summary>
      <pre class="code" tabIndex={0}>
        {lists.map(lineOf).join("\n")}
      </pre>
    </details>
  );
}

const COLUMN = 44;

function lineOf(one: object): string {
  if ("command" in one && "arguments" in one && "does" in one) return `${one.command} ${one.arguments}`.padEnd(COLUMN) + String(one.does);
  return JSON.stringify(one);
}
