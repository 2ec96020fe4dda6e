// Who is signed in at head office.
import { hub } from "@lib/api/hub";
import type { components } from "@lib/api/generated/hub";
import { data, signedOutListeners } from "@lib/api/client";
import { Refusal } from "@lib/api/problem";
import { openStream, reopenStream } from "@lib/live/stream";
import { signal } from "@preact/signals";

export type Session = components["schemas"]["Session"];
export const session = signal<Session | null | undefined>(undefined); // undefined: not known yet

/** That somebody signed in here: without it nobody needs to be asked for, and no refusal is on the way. */
const KEY = "cairn.hq.signed-in";

function attend(who: Session): void {
  localStorage.setItem(KEY, "1");
  session.value = who;
  openStream(["ship_group", "import"]);
}

function leave(): void {
  localStorage.removeItem(KEY);
  session.value = null;
}

/** Once a page. */
export async function begin(): Promise<void> {
  signedOutListeners.add(leave);
  if (!localStorage.getItem(KEY)) {
    session.value = null;
    return;
  }
  try {
    attend(await data(hub.GET("/api/v1/sessions/current")));
  } catch (error) {
    if (error instanceof Refusal && error.isAway) {
      setTimeout(() => void begin(), 1000);
      return;
    }
    leave();
  }
}

export async function signIn(name: string, pin: string): Promise<void> {
  attend(await data(hub.POST("/api/v1/sessions", { body: { name, pin } })));
  reopenStream();
}

export async function signOut(): Promise<void> {
  try {
    await data(hub.DELETE("/api/v1/sessions/current"));
  } finally {
    leave();
  }
}

export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false;
}
