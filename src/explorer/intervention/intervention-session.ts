/**
 * An intervention that is being looked at: what it is computed from, read once; the outcome of the scales
 * that were asked for last; and where that is on its way. No DOM.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { DictionarySummary, SetSummary } from "../../protocol/study-summary.ts";
import type { RetrievalRecall } from "../../metrics/retrieval.ts";
import type { DataSource } from "../data/data-source.ts";
import type { PairTable } from "../data/pair-table.ts";
import { failed, loading, ready, type Loadable } from "../stores/loadable.ts";
import type { Nearest, Outcome } from "./engine.ts";
import type { StartPeer } from "../worker-peer.ts";
import { InterventionClient } from "./intervention-client.ts";
import type { NearestQuestion } from "./messages.ts";
import { readEmbeddings, readIntervention, type ReadIntervention } from "./read-intervention.ts";

export interface OpenIntervention extends Pick<ReadIntervention, "searched" | "meansOfAll" | "analysis"> {
  /** What computes it, in words. */
  readonly engine: string;
  /** Of all concepts as they are. */
  readonly before: Outcome;
  /** Retrieval by the embeddings themselves; null until they are there. */
  readonly ofEmbeddings: RetrievalRecall | null;
  /** The searched images, rows of the set. */
  readonly images: Uint32Array;
  readonly texts: Uint32Array;
}

/** What the outcome is of: equal numbers for equal scales. */
export interface Computed {
  readonly outcome: Outcome;
  readonly number: number;
}

export class InterventionSession {
  readonly opened: ReadonlySignal<Loadable<OpenIntervention>>;
  /** What is being read, in a word. */
  readonly stage: ReadonlySignal<string>;
  /** Null until the first scales were applied. */
  readonly computed: ReadonlySignal<Computed | null>;
  /** Whether newer scales are on their way. */
  readonly busy: ReadonlySignal<boolean>;
  /** Why the last scales could not be applied; null: they could. */
  readonly problem: ReadonlySignal<string | null>;
  /** Why there is nothing of the embeddings; null: there is, or they are not part of the study. */
  readonly embeddingsProblem: ReadonlySignal<string | null>;
  readonly #opened = signal<Loadable<OpenIntervention>>(loading);
  readonly #stage = signal("pairs");
  readonly #computed = signal<Computed | null>(null);
  readonly #busy = signal(false);
  readonly #problem = signal<string | null>(null);
  readonly #embeddingsProblem = signal<string | null>(null);
  #client: InterventionClient | null = null;
  #wanted: Float32Array<ArrayBuffer> | null = null;
  /** Those of the last outcome. */
  #applied: Float32Array<ArrayBuffer> | null = null;
  #running = false;
  #number = 0;
  #closed = false;

  constructor(sources: SessionSources, most: number | null, start: StartPeer) {
    this.opened = this.#opened;
    this.stage = this.#stage;
    this.computed = this.#computed;
    this.busy = this.#busy;
    this.problem = this.#problem;
    this.embeddingsProblem = this.#embeddingsProblem;
    this.#open(sources, most, start).catch((error: unknown) => {
      this.#opened.value = failed(error);
    });
  }

  /** The last ones count; those that another call overtakes are left out. */
  apply(scales: Float32Array<ArrayBuffer>): void {
    this.#wanted = scales;
    this.#busy.value = true;
    void this.#work();
  }

  /** Nothing is asked for: what was computed before no longer is what the address says. */
  clear(): void {
    this.#wanted = null;
    this.#applied = null;
    this.#computed.value = null;
    this.#busy.value = false;
  }

  async nearest(question: NearestQuestion): Promise<Nearest> {
    if (this.#client === null) throw new Error("the intervention is not open");
    return this.#client.ask({ kind: "nearest", question });
  }

  close(): void {
    this.#closed = true;
    this.#client?.close();
  }

  async #open(sources: SessionSources, most: number | null, start: StartPeer): Promise<void> {
    const read = await readIntervention(sources, most, (what) => (this.#stage.value = what));
    if (this.#closed) return;
    const { data, searched, meansOfAll, analysis } = read;
    this.#stage.value = "the first search";
    const client = new InterventionClient(start);
    this.#client = client;
    const rows = { image: data.rows.image.slice(), text: data.rows.text.slice() };
    const { engine, before } = await client.ask({ kind: "open", data }, [
      data.atoms.buffer,
      data.imageOf.buffer,
    ]);
    const opened = {
      ofEmbeddings: null,
      searched,
      meansOfAll,
      analysis,
      engine,
      before,
      images: rows.image,
      texts: rows.text,
    };
    this.#opened.value = ready(opened);
    void this.#work();
    if (sources.set.similarity !== "embeddings") return;
    const ofEmbeddings = await readEmbeddings(sources.source, rows)
      .then(async (embeddings) =>
        client.ask({ kind: "embeddings", embeddings }, [embeddings.image.buffer, embeddings.text.buffer]),
      )
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#embeddingsProblem.value = `The embeddings cannot be read, and R² not be told: ${reason}`;
        return null;
      });
    if (ofEmbeddings === null || this.#closed) return;
    const { r2, recall } = ofEmbeddings;
    this.#opened.value = ready({ ...opened, before: { ...before, r2 }, ofEmbeddings: recall });
    // What was computed before had no R².
    this.#wanted ??= this.#applied;
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#running || this.#client === null || this.#opened.peek().state !== "ready") return;
    this.#running = true;
    while (this.#wanted !== null && !this.#closed) {
      const scales = this.#wanted;
      this.#wanted = null;
      this.#applied = scales;
      try {
        const outcome = await this.#client.ask({ kind: "apply", scales });
        // Cleared meanwhile: it is an answer to nothing.
        if (this.#applied === null) continue;
        this.#computed.value = { outcome, number: ++this.#number };
        this.#problem.value = null;
      } catch (error) {
        this.#problem.value = error instanceof Error ? error.message : String(error);
      }
    }
    this.#running = false;
    this.#busy.value = false;
  }
}

interface SessionSources {
  readonly source: DataSource;
  readonly set: SetSummary;
  readonly dictionary: DictionarySummary;
  readonly pairs: PairTable;
}

let last: { key: string; dictionary: DictionarySummary; session: InterventionSession } | null = null;

/** The session of a dictionary and a number of searched images: the last one is kept while the page is open. */
export function interventionSession(
  sources: SessionSources,
  most: number | null,
  start: StartPeer,
): InterventionSession {
  const { dictionary } = sources;
  const key = `${dictionary.name} ${most}`;
  // A summary that was read anew may be of a dictionary that was trained anew.
  const same = last?.key === key && last.dictionary === dictionary;
  if (same && last !== null && last.session.opened.peek().state !== "failed") return last.session;
  last?.session.close();
  const session = new InterventionSession(sources, most, start);
  last = { key, dictionary, session };
  return session;
}
