/** Requests to the hub: the token goes only to the hub itself, passing faults are tried again. */
import { setTimeout as sleep } from "node:timers/promises";
import { ViaductError } from "../../../base/errors.ts";
import { waitFor } from "./retry-delay.ts";
import type { HubSettings } from "./hub-settings.ts";

export interface HubClientEffects {
  readonly signal?: AbortSignal;
  /** Waits between two tries; injected by tests. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface HubClient {
  readonly settings: HubSettings;
  readonly signal: AbortSignal | undefined;
  /**
   * One request, repeated after passing faults (429, 5xx, no connection). Every answer that is none
   * of these comes back, errors too. Throws `HubUnreachable` when tries are used up without an answer.
   */
  request(path: string, options: RequestOptions): Promise<Response>;
  /** Waits before try number `attempt` (from 1), as the answer asks or ever longer. */
  pause(attempt: number, answer?: Response): Promise<void>;
}

export interface RequestOptions {
  readonly method: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** `manual` shows a redirection instead of following it. */
  readonly redirect: "follow" | "manual";
}

/** No answer came: no network, a wrong HF_ENDPOINT, or a hub that is down. */
export class HubUnreachable extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = "HubUnreachable";
  }
}

/** Tries of one request, and of one download without a byte of progress. */
export const tries = 5;

export function createHubClient(settings: HubSettings, effects: HubClientEffects = {}): HubClient {
  const { signal, wait = pauseFor } = effects;
  let token: Promise<string | undefined> | undefined;
  let reached = false;

  const client: HubClient = {
    settings,
    signal,
    async request(path, { method, headers = {}, redirect }) {
      token ??= settings.token();
      const authorization = await token;
      for (let attempt = 1; ; attempt++) {
        let answer: Response | undefined;
        try {
          answer = await fetch(`${settings.endpoint}/${path}`, {
            method,
            redirect,
            // Where fetch follows a redirection to another origin it leaves the authorisation out.
            headers: {
              ...headers,
              // A compressed answer would have another length and other byte ranges.
              "accept-encoding": "identity",
              "user-agent": "viaduct",
              ...(authorization === undefined ? {} : { authorization: `Bearer ${authorization}` }),
            },
            ...(signal === undefined ? {} : { signal }),
          });
        } catch (error) {
          stopIfAborted(signal);
          if (attempt >= tries || (!reached && isAbsence(error))) throw new HubUnreachable(error);
        }
        reached ||= answer !== undefined;
        if (answer !== undefined && (!isPassing(answer.status) || attempt >= tries)) return answer;
        await answer?.body?.cancel();
        await client.pause(attempt, answer);
      }
    },
    async pause(attempt, answer) {
      await wait(waitFor(attempt, answer?.headers), signal);
      stopIfAborted(signal);
    },
  };
  return client;
}

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const reason: unknown = signal.reason;
  throw reason instanceof ViaductError ? reason : new ViaductError("cancelled", "stopped");
}

const isPassing = (status: number): boolean => status === 429 || status === 408 || status >= 500;

async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

/** No network, no such host, or nobody listening there. Before any answer, trying again would only take time. */
function isAbsence(error: unknown): boolean {
  return ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ERR_INVALID_URL"].includes(codeOf(error));
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name cannot be resolved";
  if (code === "ECONNREFUSED") return "it refuses connections";
  if (code !== "") return code;
  return error instanceof Error ? error.message : String(error);
}

/** The system's code inside what fetch throws; several addresses tried come as one AggregateError. */
function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return "";
}
