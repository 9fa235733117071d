/**
 * The cells of a grid: every learner at every size, sparsity, seed and mixture. What a learner has no
 * option for does not multiply its cells.
 */
import { badUsage, ViaductError } from "../../base/errors.ts";
import type { Learner } from "../../learners/learner.ts";
import { UnknownOption } from "../../learners/option-values.ts";
import { learnerNamed } from "../../learners/registry.ts";
import { parseDiet, type DietSpec } from "../diet/diet.ts";
import { feed, rowsToDrawFrom, type Feed } from "../diet/feed.ts";
import { largestTotal, parseMixture } from "../diet/mixture.ts";
import type { EmbeddingSet } from "../embedding-set.ts";
import { configureRun } from "../train.ts";
import { sizesOf } from "./sizes.ts";
import type { SweepSpec } from "./sweep.ts";

/** A cell as the grid has it, and what it comes to: a run, or the reason why there is none. */
export interface PlannedCell {
  readonly name: string;
  readonly learner: string;
  readonly concepts: string | null;
  readonly k: string | null;
  readonly seed: string | null;
  readonly mixture: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly diet: DietSpec;
  /** The run's complete configuration, and the rows that it is given; null for a refused cell. */
  readonly run: {
    readonly config: object;
    readonly diet: Feed["record"];
    /** Rows that it is given. */
    readonly rows: number;
  } | null;
  /** Why the learner cannot do this cell. */
  readonly refusal: string | null;
}

export interface Plan {
  readonly cells: readonly PlannedCell[];
  /** The total that all mixtures share; null without mixtures. */
  readonly rows: number | null;
  /** What the grid asks for that does not apply, a line each. */
  readonly notes: readonly string[];
}

type Axis = readonly (string | null)[];

export async function planSweep(spec: SweepSpec, set: EmbeddingSet): Promise<Plan> {
  const learners = distinct("learners", spec.learners).map(learnerNamed);
  if (learners.length === 0) throw badUsage("learners is empty; expected at least one");
  const axes = {
    concepts: distinct("concepts", spec.concepts),
    k: distinct("k", spec.k),
    seed: axis("seeds", spec.seeds),
  };
  const rows = await sharedTotal(spec, set);
  const diets = axis("mixtures", spec.mixtures).map((mixture) => ({
    mixture,
    diet: {
      ...spec.diet,
      ...(mixture === null ? {} : { mixture }),
      ...(rows === null ? {} : { rows }),
    },
  }));
  const feeds = await Promise.all(diets.map(({ diet }) => feed(set, parseDiet(diet))));
  const notes: string[] = [];
  const cells = new Map<string, PlannedCell>();
  const used = new Set<string>();
  for (const learner of learners) {
    const has = optionsOf(learner, feeds[0]!);
    const options = Object.fromEntries(Object.entries(spec.options).filter(([name]) => has(name)));
    for (const name of Object.keys(options)) used.add(name);
    const { sizes, notes: ofSizes } = sizesOf(learner, axes, has, set.embeddings.dimension);
    notes.push(...ofSizes);
    const seeds = has("seed") ? axes.seed : [null];
    if (!has("seed") && axes.seed.length > 1) {
      notes.push(`${learner.name} has no option "seed": it runs once for all values of seed`);
    }
    for (const [at, { mixture, diet }] of diets.entries()) {
      for (const { concepts, k, options: sized } of sizes) {
        for (const seed of seeds) {
          const chosen = { ...options, ...sized, ...(seed === null ? {} : { seed }) };
          const given = { concepts, k, seed, mixture, options: chosen, diet };
          const cell = planned(learner, given, feeds[at]!);
          if (!cells.has(cell.name)) cells.set(cell.name, cell);
        }
      }
    }
  }
  const unused = Object.keys(spec.options).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw new UnknownOption(unused[0]!, `${unused[0]} is an option of none of these learners; leave it out`);
  }
  const all = [...cells.values()];
  const [first] = all;
  if (first !== undefined && all.every((cell) => cell.refusal !== null)) throw badUsage(first.refusal ?? "");
  return { cells: all, rows, notes };
}

function planned(
  learner: Learner,
  given: Omit<PlannedCell, "name" | "learner" | "run" | "refusal">,
  fed: Feed,
): PlannedCell {
  try {
    const { config, name } = configureRun(learner, given, fed);
    const { image, text } = fed.embeddings;
    const run = { config, diet: fed.record, rows: image.rows + text.rows };
    return { ...given, name, learner: learner.name, run, refusal: null };
  } catch (error) {
    if (!(error instanceof ViaductError)) throw error;
    const { concepts, k, seed, mixture } = given;
    const parts = [learner.name, concepts, k && `k${k}`, mixture && `mix${mixture.replace(":", "-")}`];
    const name = [...parts, seed && `seed${seed}`].filter(Boolean).join("-");
    return { ...given, name, learner: learner.name, run: null, refusal: error.message };
  }
}

/** Which options a learner has, whatever their values. */
function optionsOf(learner: Learner, { embeddings }: Feed): (name: string) => boolean {
  const { image, text, dimension } = embeddings;
  const size = { rows: image.rows + text.rows, dimension };
  return (name) => {
    try {
      learner.configure({ [name]: "1" }, size);
      return true;
    } catch (error) {
      return !(error instanceof UnknownOption && error.option === name);
    }
  };
}

/** Rows of every cell: as asked, or the most that all mixtures can have; null without mixtures. */
async function sharedTotal(spec: SweepSpec, set: EmbeddingSet): Promise<number | null> {
  const mixtures = distinct("mixtures", spec.mixtures).map(parseMixture);
  if (mixtures.length === 0 || spec.diet.rows !== undefined) return null;
  const diet = parseDiet({ ...spec.diet, mixture: spec.mixtures[0]! })!;
  const available = await rowsToDrawFrom(set, diet);
  const most = Math.min(...mixtures.map((mixture) => largestTotal(available, mixture)));
  if (most > 0) return most;
  throw badUsage(
    `mixtures ask for rows of both modalities; there are ${available.image} image and ${available.text} text rows`,
  );
}

function axis(name: string, values: readonly string[]): Axis {
  const given = distinct(name, values);
  return given.length === 0 ? [null] : given;
}

function distinct(name: string, values: readonly string[]): string[] {
  const given = values.map((value) => value.trim());
  if (given.includes("")) {
    throw badUsage(`${name} is "${values.join(",")}"; expected values with commas between them`);
  }
  return [...new Set(given)];
}
