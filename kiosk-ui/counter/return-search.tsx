// Before a return has its sale: what to do, the field for a receipt's number, and what is said of what was found.
import { agent, type ReturnDraft } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { feedback, hush, say } from "@lib/feedback/band";
import { t } from "@lib/i18n";
import { Keypad } from "@lib/ui/parts";
import { useState } from "preact/hooks";
import { allMilli, lastTaken, UNIT } from "./return-draft";
import type { Action } from "./use-action";

const NUMBER_MOST = 40;

export function Steps() {
  return (
    <ol class="steps">
      {(["receipt", "items", "condition", "refund"] as const).map((step, at) => (
        <li key={step}>
          <span class="bullet number" aria-hidden="true">
            {at + 1}
          </span>
          <span>{t(`return.step.${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}

export function Search({ action, onFound }: { action: Action; onFound: (draft: ReturnDraft) => void }) {
  const [text, setText] = useState("");
  const find = (event: Event) => {
    event.preventDefault();
    const code = text.trim();
    if (code === "" || action.busy) return;
    void action.run(async () => {
      say("pending", t("return.looking"), code);
      try {
        const draft = await data(agent.PUT("/api/v1/return-draft", { body: { code } }));
        sayFound(draft.order_reference, draft);
        setText("");
        onFound(draft);
      } catch (error) {
        hush();
        throw error;
      }
    });
  };
  return (
    <form class="entry" onSubmit={find}>
      <label class="field code">
        {t("return.number")}
        <input
          inputMode="none"
          autocomplete="off"
          maxLength={NUMBER_MOST}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          data-testid="return-number"
        />
      </label>
      <Keypad value={text} onChange={setText} most={NUMBER_MOST} />
      <div class="actions">
        <button type="submit" class="button primary wide" disabled={action.busy || text.trim() === ""} data-testid="primary">
          {action.busy ? t("return.looking") : t("return.find")}
        </button>
      </div>
    </form>
  );
}

function sayFound(order: string, draft: ReturnDraft): void {
  const left = draft.lines.reduce((sum, line) => sum + line.left_milli, 0);
  if (left === 0 && allMilli(draft) === 0) sayAllBack(order);
  else say("ok", t("return.found", { order }), t("return.found-left", { n: left / UNIT }));
}

/** By whom and when follows as soon as it is known. */
export function sayAllBack(order: string): void {
  say("dup", t("return.all-back", { order }), t("counter.do.already_returned"));
  const said = feedback.value.number;
  void lastTaken()
    .then((by) => by && feedback.value.number === said && say("dup", t("return.all-back", { order }), by, null))
    .catch(() => undefined); // it is said already, if not by whom
}
