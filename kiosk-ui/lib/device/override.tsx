// A second person lets something pass: name, PIN, reason. For this one action, and forgotten at once.
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { agent } from "../api/agent";
import { data, newKey } from "../api/client";
import { Refusal } from "../api/problem";
import { say } from "../feedback/band";
import { t } from "../i18n";
import { Keypad, Sheet } from "../ui/parts";
import { useAsked } from "../ui/use";
import { takeReads } from "./reads";
import { session } from "./session";

export interface Approval {
  name: string;
  pin: string;
  reason: string;
}

const PIN_LENGTH = 6;

/** Why it was not approved; other refusals are told in the program's own words. */
function trouble(error: unknown): string {
  const refusal = error instanceof Refusal ? error : new Refusal("unexpected", String(error));
  switch (refusal.reason) {
    case "no_answer":
      return t("error.no_answer");
    case "wrong_approval":
    case "not_allowed":
    case "approver_is_operator":
    case "locked_out":
      return t(`override.${refusal.reason}`);
    default:
      return t("error.other", { detail: refusal.message });
  }
}

interface Props {
  title: string;
  /** What is let pass, and why it needs two. */
  what: string;
  /** To choose from. */
  reasons: string[];
  onClose: () => void;
  /** Does it, or throws a Refusal. `key`: its Idempotency-Key. The sheet is closed by whoever opened it. */
  approve: (approval: Approval, key: string) => Promise<void>;
}

export function OverrideSheet({ title, what, reasons, onClose, approve }: Props) {
  const people = useAsked(() => data(agent.GET("/api/v1/people")));
  const names = (people.data?.items ?? []).map((person) => person.name).filter((name) => name !== session.value?.name);
  const [name, setName] = useState("");
  const [reason, setReason] = useState(reasons[0] ?? "");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  // The same thing asked for again, because no answer came, happens once.
  const key = useMemo(newKey, [name, reason, pin]);
  // What is scanned now belongs neither to this sheet nor to the page below it.
  useLayoutEffect(() => {
    return takeReads((code) => {
      setProblem(t("override.no-scans"));
      say("nok", t("override.no-scans"), code);
      return true;
    });
  }, []);

  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await approve({ name, pin, reason }, key);
      setPin("");
    } catch (error) {
      setProblem(trouble(error));
      if (!(error instanceof Refusal && error.isAway)) setPin(""); // for one action only, whatever became of it
    }
    setBusy(false);
  };

  return (
    <Sheet title={title} onClose={onClose} testid="override">
      <form class="override" onSubmit={(event) => void send(event)}>
        <div class="stack">
          <p>{what}</p>
          <fieldset>
            <legend>{t("override.who")}</legend>
            <div class="row">
              {names.map((one) => (
                <button
                  type="button"
                  class="button"
                  key={one}
                  aria-pressed={one === name}
                  onClick={() => setName(one)}
                  data-testid={`approver-${one}`}
                >
                  {one}
                </button>
              ))}
            </div>
            {people.data && names.length === 0 && (
              <label class="field">
                {t("signin.name")}
                <input value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} data-testid="approver-name" />
              </label>
            )}
          </fieldset>
          <fieldset>
            <legend>{t("override.why")}</legend>
            <div class="row">
              {reasons.map((one) => (
                <button type="button" class="button" key={one} aria-pressed={one === reason} onClick={() => setReason(one)}>
                  {one}
                </button>
              ))}
            </div>
          </fieldset>
          <p class="problem" role="alert" data-testid="override-problem">
            {problem}
          </p>
        </div>
        <div class="stack">
          <label class="field">
            {name ? t("signin.pin", { name }) : t("override.pin")}
            <input
              type="password"
              inputMode="none"
              autocomplete="off"
              maxLength={PIN_LENGTH}
              value={pin}
              onInput={(event) => setPin(event.currentTarget.value)}
              data-testid="override-pin"
            />
          </label>
          <Keypad value={pin} onChange={setPin} most={PIN_LENGTH} />
          <button
            type="submit"
            class="button primary wide"
            disabled={busy || name === "" || reason === "" || pin.length < PIN_LENGTH}
            data-testid="override-approve"
          >
            {busy ? t("common.loading") : t("override.approve")}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
