// The last pick was a mistake: its units are in their bin again. The agent knows which one it was.
import { agent, type Verdict } from "@lib/api/agent";
import { data } from "@lib/api/client";
import { keyed } from "./work";

export function undoLast(key: string): Promise<Verdict> {
  return data(agent.POST("/api/v1/undo", { params: { header: keyed(key) } }));
}
