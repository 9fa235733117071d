import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { learnerNames } from "../../src/cli/learner-names.ts";
import { learners } from "../../src/learners/registry.ts";
import { scratchFolder, viaduct } from "./command.ts";

const here = scratchFolder();
const verbs = [
  "demo",
  "embed",
  "import",
  "join",
  "train",
  "sweep",
  "analyze",
  "compare",
  "paper",
  "report",
  "query",
  "explain",
  "explore",
  "export",
  "doctor",
];
const computing = new Set([
  "demo",
  "train",
  "sweep",
  "analyze",
  "compare",
  "paper",
  "report",
  "query",
  "explain",
]);
const page = await readFile(new URL("../../docs/command-line.md", import.meta.url), "utf8");

/** "--out <folder>" … of one section of docs/command-line.md. */
function documented(heading: string): string[] {
  const [, section] = page.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`docs/command-line.md has no section "${heading}"`);
  const [own = ""] = section.split("\n## ");
  return Array.from(own.matchAll(/^\| `(--[^`]+)`/gm), ([, option = ""]) => option);
}

/** Options in the text that --help prints, all but those of every verb. */
function offered(help: string): string[] {
  const options = Array.from(
    help.matchAll(/^ {2}(--[a-z0-9-]+(?: <[^>]+>)?)/gm),
    ([, option = ""]) => option,
  );
  return options.filter((option) => option !== "--debug");
}

/** Options of train that sweep hands on to its cells. */
function isInherited(option: string): boolean {
  const [name = ""] = option.split(" ");
  const own = "--out --learner --concepts --k --target-l0 --seed --mixture --name --resume --json";
  return !own.split(" ").includes(name);
}

describe("--help", () => {
  it.each(verbs)("of %s names the options that docs/command-line.md names", async (verb) => {
    const { status, stdout, messages } = await viaduct(here, [verb, "--help"]);
    expect({ status, messages }).toEqual({ status: 0, messages: [] });
    const engine = computing.has(verb) ? documented("The engine") : [];
    const training = verb === "sweep" ? documented("viaduct train").filter(isInherited) : [];
    expect(offered(stdout).sort()).toEqual([...documented(`viaduct ${verb}`), ...training, ...engine].sort());
  });

  it("names every verb, and fits 80 columns", async () => {
    const { status, stdout } = await viaduct(here, ["--help"]);
    expect(status).toBe(0);
    const named = Array.from(stdout.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm), ([, verb]) => verb);
    expect(named).toEqual([...verbs, "help"]);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("is what help prints, of one verb and of all", async () => {
    for (const [args, same] of [
      [
        ["help", "train"],
        ["train", "--help"],
      ],
      [["help"], ["--help"]],
    ] as const) {
      const { stdout, ...ended } = await viaduct(here, args);
      expect(ended).toMatchObject({ status: 0, messages: [] });
      expect(stdout).toBe((await viaduct(here, same)).stdout);
    }
  });

  it("of train and docs/learners name every learner, in the registry's order", async () => {
    const registered = learners.map(({ name }) => name);
    expect(learnerNames).toEqual(registered);
    const table = await readFile(new URL("../../docs/learners/README.md", import.meta.url), "utf8");
    expect(Array.from(table.matchAll(/^\| \[`([a-z-]+)`\]/gm), ([, name]) => name)).toEqual(registered);
  });

  it("gives the version", async () => {
    const { version } = JSON.parse(
      await readFile(new URL("../../package.json", import.meta.url), "utf8"),
    ) as { version: string };
    expect((await viaduct(here, ["--version"])).stdout).toBe(`${version}\n`);
  });
});
