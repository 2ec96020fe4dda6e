// The least that a server and a page can do: an event, and its words in a band.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { HANDHELD } from "../browser-tests/browser";
import { now } from "./paint";

const PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title><link rel="icon" href="data:,">
<div data-testid="feedback" data-verdict="ok"></div>
<script>
  const band = document.querySelector("div");
  new EventSource("/stream").onmessage = ({ data }) => {
    const words = document.createElement("div");
    words.textContent = data;
    band.replaceChildren(words);
  };
</script>`;

export interface Bare {
  page: Page;
  /** Sends an event. Returns when that was. */
  send: (words: string) => Promise<number>;
  close: () => Promise<void>;
}

export async function openBare(browser: Browser): Promise<Bare> {
  let listens: (stream: ServerResponse) => void;
  const listening = new Promise<ServerResponse>((told) => (listens = told));
  const server = createServer({ noDelay: true }, (request, answer) => {
    const stream = request.url === "/stream";
    answer.writeHead(200, { "content-type": stream ? "text/event-stream" : "text/html" });
    if (!stream) return answer.end(PAGE);
    answer.write(": hello\n\n");
    listens(answer);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const page = await (await browser.newContext(HANDHELD)).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const stream = await listening;
  return {
    page,
    send: async (words) => {
      const sent = now();
      stream.write(`data: ${words}\n\n`);
      return sent;
    },
    close: async () => {
      await page.context().close();
      stream.end();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
