// When what a band says is on the screen: the frame after it has been painted begins.
import type { Page } from "playwright-core";

declare global {
  interface Window {
    painted?: number[];
  }
}

/** Milliseconds since 1970, finer than Date's. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Notes each verdict but `pending` of the page's band from now on. */
export async function notePaint(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const painted: number[] = (window.painted = []);
    const words = (node: Node) => node instanceof HTMLDivElement;
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const { testid, verdict } = target instanceof HTMLElement ? target.dataset : {};
        if (testid !== "feedback" || !verdict || verdict === "pending" || ![...addedNodes].some(words)) continue;
        requestAnimationFrame(() => requestAnimationFrame(() => painted.push(performance.timeOrigin + performance.now())));
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => window.painted!.splice(0));
}

/** How much the page's clock is ahead of ours, and by how much at most this is wrong: of many questions the quickest counts. */
export async function clockAhead(page: Page): Promise<{ ms: number; within: number }> {
  let best = { ms: 0, within: Number.POSITIVE_INFINITY };
  for (let question = 0; question < 30; ++question) {
    const asked = now();
    const told = await page.evaluate(() => performance.timeOrigin + performance.now());
    const within = (now() - asked) / 2;
    if (within < best.within) best = { ms: told - asked - within, within };
  }
  return best;
}
