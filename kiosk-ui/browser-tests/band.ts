// What the band says, counted: two equal verdicts are two.
import type { Page } from "playwright-core";

export type Said = Record<"ok" | "nok" | "dup" | "pending", number>;

declare global {
  interface Window {
    bandSaid?: Said;
  }
}

/** From now on. */
export async function countBand(page: Page): Promise<() => Promise<Said>> {
  await page.evaluate(() => {
    const said: Said = { ok: 0, nok: 0, dup: 0, pending: 0 };
    if (!window.bandSaid) {
      new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) {
          const verdict = target instanceof HTMLElement && target.dataset["testid"] === "feedback" ? target.dataset["verdict"] : undefined;
          // The band renews its words for each verdict; its mark changes only with the kind.
          const words = [...addedNodes].some((node) => node instanceof HTMLDivElement);
          if (verdict && words) window.bandSaid![verdict as keyof Said] += 1;
        }
      }).observe(document.body, { childList: true, subtree: true });
    }
    window.bandSaid = said;
  });
  return () => page.evaluate(() => window.bandSaid!);
}
