/** The command line that repeats a run, as a shell takes it. */
import type { DietRecord, RunRecord } from "../../protocol/study.ts";

/** Options of `viaduct train` that take no value; test/cli/repeat.test.ts holds them to its help. */
export const trainFlags: ReadonlySet<string> = new Set(["balanced", "splitSigns", "positive"]);

/** `<set>` and `<study>` stand for the folders. */
export function trainCommand({ learner, name, options, diet }: RunRecord): string {
  return [
    "viaduct train <set>",
    `--learner ${learner}`,
    ...Object.entries(options).flatMap(([key, value]) => option(key, value)),
    ...(diet === null ? [] : dietOptions(diet)),
    `--name ${quoted(name)}`,
    "--out <study>",
  ].join(" ");
}

function option(key: string, value: unknown): string[] {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (trainFlags.has(key)) return value === true || value === "true" ? [flag] : [];
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return [];
  return [`${flag} ${quoted(String(value))}`];
}

function dietOptions({ where, files, share, mixture, rows, drawSeed }: DietRecord): string[] {
  return [
    ...where.map(
      ({ column, values, negated }) =>
        `--where ${quoted(`${column}${negated ? "!=" : "="}${values.join(",")}`)}`,
    ),
    ...(files === null ? [] : [`--files ${quoted(files.list)}`]),
    ...(share === null ? [] : [`--share ${share}`]),
    ...(mixture === null ? [] : [`--mixture ${mixture.image}:${mixture.text}`]),
    ...(rows === null ? [] : [`--rows ${rows}`]),
    ...(drawSeed === 0 ? [] : [`--draw-seed ${drawSeed}`]),
  ];
}

/** For a POSIX shell; plain words stay as they are. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
