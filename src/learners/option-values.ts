/**
 * Values of learners' options as users write them (numbers may come as text from a command line),
 * and the parsing that turns what does not fit into one line.
 */
import * as z from "zod";
import { badUsage, ViaductError } from "../base/errors.ts";
import type { Centring } from "./learner.ts";

const numeric = (value: unknown): unknown =>
  typeof value === "string" && value.trim() !== "" ? Number(value) : value;
const boolean = (value: unknown): unknown => (value === "true" ? true : value === "false" ? false : value);

type Value<T> = z.ZodType<T>;

export function between(low: number, high: number): Value<number> {
  const error = `expected a number from ${low} to ${high}`;
  return z.preprocess(numeric, z.number({ error }).min(low, { error }).max(high, { error }));
}

export function whole(low: number): Value<number> {
  const error = `expected a whole number, at least ${low}`;
  return z.preprocess(numeric, z.number({ error }).int({ error }).min(low, { error }));
}

export function positive(): Value<number> {
  const error = "expected a number above 0";
  return z.preprocess(numeric, z.number({ error }).positive({ error }));
}

export function yesOrNo(): Value<boolean> {
  return z.preprocess(boolean, z.boolean({ error: "expected true or false" }));
}

export function oneOf<const T extends string>(...values: readonly T[]): Value<T> {
  const error = `expected ${values.slice(0, -1).join(", ")} or ${values[values.length - 1]}`;
  return z.enum(values, { error });
}

export function text(): Value<string> {
  return z.string({ error: "expected text" });
}

export function centring(): Value<Centring> {
  return oneOf("global", "per-modality", "none");
}

type Parsed<Shape extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Key in keyof Shape]?: z.infer<Shape[Key]>;
};

/** A learner was given an option that it does not have. */
export class UnknownOption extends ViaductError {
  readonly option: string;

  constructor(option: string, message: string) {
    super("bad-usage", message);
    this.option = option;
  }
}

/** What the user gave of the options in `shape`; throws `bad-usage` for others and for values that do not fit. */
export function parseOptions<const Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
  given: Readonly<Record<string, unknown>>,
  learner: string,
): Parsed<Shape> {
  const parsed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(shape, name)) {
      throw new UnknownOption(
        name,
        `${learner} has no option "${name}"; it has ${Object.keys(shape).join(", ")}`,
      );
    }
    const result = shape[name].safeParse(value);
    if (!result.success) {
      throw badUsage(`${name} is ${JSON.stringify(value)}; ${result.error.issues[0].message}`);
    }
    parsed[name] = result.data;
  }
  // Every value has just been checked by the schema of its own name.
  return parsed as Parsed<Shape>;
}
