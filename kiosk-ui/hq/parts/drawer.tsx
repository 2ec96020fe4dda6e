// Detail beside the list it belongs to, or over it where there is no room beside it: then nothing below can be used. It
// takes the focus when it opens and gives it back when it goes.
import { t } from "@lib/i18n";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** As hq/style/narrow.css has it. */
const OVER_THE_PAGE = "(max-width: 1240px)";

/** Returns how to end it. */
function coverThePage(): () => void {
  const narrow = matchMedia(OVER_THE_PAGE);
  const cover = (covered: boolean) => {
    for (const below of document.querySelectorAll(".nav, .screen")) below.toggleAttribute("inert", covered);
  };
  const follow = () => cover(narrow.matches);
  follow();
  narrow.addEventListener("change", follow);
  return () => {
    narrow.removeEventListener("change", follow);
    cover(false);
  };
}

export function Drawer({
  title,
  onClose,
  children,
  aside,
  testid,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  aside?: ComponentChildren;
  testid: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    heading.current?.focus({ preventScroll: true });
    const uncover = coverThePage();
    return () => {
      uncover();
      const row = before?.isConnected && before !== document.body ? before : document.querySelector<HTMLElement>("[data-row]");
      row?.focus({ preventScroll: true });
    };
  }, []);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      close.current();
    };
    addEventListener("keydown", escape);
    return () => removeEventListener("keydown", escape);
  }, []);
  return (
    <>
      <div class="drawer-shade" onClick={onClose} />
      <aside class="drawer" aria-labelledby="drawer-title" data-testid={testid}>
        <header class="drawer-head">
          <h2 id="drawer-title" tabIndex={-1} ref={heading}>
            {title}
          </h2>
          <span class="grow" />
          {aside}
          <button type="button" class="icon-button" onClick={onClose} aria-label={t("common.close")} data-testid="drawer-close">
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M3.5 3.5l9 9m0-9l-9 9" />
            </svg>
          </button>
        </header>
        <div class="drawer-body" tabIndex={0} role="group" aria-labelledby="drawer-title">
          {children}
        </div>
      </aside>
    </>
  );
}
