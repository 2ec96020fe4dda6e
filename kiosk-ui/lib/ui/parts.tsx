// Small parts that every page is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Refusal } from "../api/problem";
import { t } from "../i18n";
import { sentence } from "../i18n/reasons";
import { Icon, type IconName } from "./icons";

export function Empty({ title, icon, children }: { title: string; icon?: IconName; children?: ComponentChildren }) {
  return (
    <div class="empty">
      {icon && (
        <span class="empty-mark">
          <Icon name={icon} />
        </span>
      )}
      <h2>{title}</h2>
      {children && <div class="empty-words muted">{children}</div>}
    </div>
  );
}

export function Loading() {
  return (
    <p class="empty muted" role="status">
      {t("common.loading")}
    </p>
  );
}

/** What happened, what is safe, what to do; codes behind "Details". */
export function ErrorNote({ error, retry, brief = false }: { error: unknown; retry?: () => void; brief?: boolean }) {
  const refusal = error instanceof Refusal ? error : new Refusal("unexpected", String(error));
  return (
    <div class="note nok stack" role="alert" data-testid="error">
      <p>{refusal.isAway ? t("error.no_answer") : t("error.other", { detail: sentence(refusal.reason, refusal.message) })}</p>
      {!brief && (
        <details>
          <summary>{t("common.details")}</summary>
          <p>{t("error.code", { code: refusal.reason })}</p>
          {refusal.traceId && <p>{t("error.trace", { trace: refusal.traceId })}</p>}
        </details>
      )}
      {retry && (
        <button type="button" class="button" onClick={retry}>
          {t("common.retry")}
        </button>
      )}
    </div>
  );
}

/** A modal dialog. Escape and its close button end it; the focus goes back to where it was. */
export function Sheet({
  title,
  onClose,
  children,
  foot,
  testid,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** What stays in sight at the bottom while the rest scrolls: the confirming button. */
  foot?: ComponentChildren;
  testid?: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog
      class="sheet"
      ref={dialog}
      aria-labelledby="sheet-title"
      data-testid={testid}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="stack">
        <div class="sheet-head">
          <h2 id="sheet-title">{title}</h2>
          <button type="button" class="button plain" onClick={onClose} data-testid="sheet-close">
            {t("common.close")}
          </button>
        </div>
        {children}
      </div>
      {foot && <div class="sheet-foot stack">{foot}</div>}
    </dialog>
  );
}

/** Digits by touch. `value` and `onChange` are text: zeros in front count in a PIN. */
export function Keypad({ value, onChange, most = 6 }: { value: string; onChange: (next: string) => void; most?: number }) {
  const press = (digit: string) => value.length < most && onChange(value + digit);
  return (
    <div class="keypad" role="group">
      {["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => (
        <button type="button" class="button" key={digit} onClick={() => press(digit)} data-testid={`key-${digit}`}>
          {digit}
        </button>
      ))}
      <button type="button" class="button" onClick={() => onChange("")} data-testid="key-clear" aria-label={t("common.erase")}>
        C
      </button>
      <button type="button" class="button" onClick={() => press("0")} data-testid="key-0">
        0
      </button>
      <button type="button" class="button" onClick={() => onChange(value.slice(0, -1))} data-testid="key-back" aria-label={t("common.back")}>
        ⌫
      </button>
    </div>
  );
}
