/** What the documents say is there is there: links, commands with their options, and code that compiles. */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root }).sort();
const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

interface Fence {
  readonly language: string;
  readonly code: string;
}

const fencePattern = /^```([a-z]*)\n(.*?)^```$/gms;
const fencesOf = (page: string): Fence[] =>
  Array.from(textOf(page).matchAll(fencePattern), ([, language = "", code = ""]) => ({ language, code }));
const proseOf = (page: string): string => textOf(page).replaceAll(fencePattern, "");
const spansOf = (page: string): string[] =>
  Array.from(proseOf(page).matchAll(/`([^`\n]+)`/g), ([, span = ""]) => span);

/** The name that a heading has in an address, as GitHub makes it. */
function anchorsOf(page: string): Set<string> {
  const headings = Array.from(proseOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("links", () => {
  const links = pages.flatMap((page) =>
    Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => ({ page, target })).filter(
      ({ target }) => !/^[a-z]+:/.test(target),
    ),
  );

  it("are found at all", () => {
    expect(links.length).toBeGreaterThan(30);
  });

  it.each(links)("of $page lead somewhere: $target", ({ page, target }) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    expect(existsSync(join(root, file)), `${file} does not exist`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor);
  });
});

/** Lines of shell fences (continued ones joined), and code spans. */
const commands = pages.flatMap((page) => {
  const shell = fencesOf(page).filter(({ language }) => language === "sh" || language === "");
  const lines = shell.flatMap(({ code }) => code.replaceAll(/\\\n\s*/g, " ").split("\n"));
  return [...lines, ...spansOf(page)].map((command) => ({ page, command: command.trim() }));
});

describe("commands", () => {
  const scripts = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const reference = textOf("docs/command-line.md");
  const optionsIn = (text: string): string[] =>
    Array.from(text.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g), ([option]) => option);
  /** What docs/command-line.md lists; test/cli holds it to --help. */
  const listed = (heading: string): string[] => {
    const [, section = ""] = reference.split(`\n## ${heading}\n`);
    const [own = ""] = section.split("\n## ");
    return Array.from(own.matchAll(/^\| `(--[a-z0-9-]+)/gm), ([, option = ""]) => option);
  };
  const verbs = Array.from(reference.matchAll(/^## viaduct ([a-z]+)$/gm), ([, verb = ""]) => verb);
  const everywhere = ["--help", "--debug", "--version"];
  const optionsOf = new Map(
    verbs.map((verb) => {
      const training = verb === "sweep" ? listed("viaduct train") : [];
      return [verb, [...listed(`viaduct ${verb}`), ...training, ...listed("The engine"), ...everywhere]];
    }),
  );
  const known = new Set(verbs.flatMap((verb) => optionsOf.get(verb) ?? []));

  it("of viaduct name verbs that exist, with options of theirs", () => {
    const calls = commands.flatMap(({ page, command }) => {
      const [, rest] = /^(?:npx |npm run -s )?viaduct (?:-- )?([a-z]+\b.*)$/.exec(command) ?? [];
      return rest === undefined ? [] : [{ page, command, rest }];
    });
    expect(calls.length).toBeGreaterThan(15);
    for (const { page, command, rest } of calls) {
      const [verb = ""] = rest.split(" ");
      const offered = optionsOf.get(verb);
      if (offered === undefined) expect.fail(`${page} names the verb ${verb} in: ${command}`);
      for (const option of optionsIn(rest)) expect(offered, `${page}: ${command}`).toContain(option);
    }
  });

  it("of viaduct are what options in the text belong to", () => {
    const lone = pages.flatMap((page) =>
      spansOf(page)
        .filter((span) => span.startsWith("--"))
        .flatMap((span) => optionsIn(span).map((option) => ({ page, option }))),
    );
    expect(lone.length).toBeGreaterThan(10);
    for (const { page, option } of lone) {
      expect(known, `${page} names ${option}, which docs/command-line.md does not`).toContain(option);
    }
  });

  it("run scripts and files that exist", () => {
    const runs = commands.flatMap(({ page, command }) => {
      const script = /^(?:.*&& )?npm run (?:-s )?([a-z:-]+)/.exec(command)?.[1];
      const file = /^(?:node|python|npx vitest run) ((?:bench|test|scripts|src)\/\S+)/.exec(command)?.[1];
      return [
        ...(script === undefined ? [] : [{ page, command, there: script in scripts.scripts }]),
        ...(file === undefined ? [] : [{ page, command, there: existsSync(join(root, file)) }]),
      ];
    });
    expect(runs.length).toBeGreaterThan(8);
    expect(runs.filter(({ there }) => !there)).toEqual([]);
  });
});

describe("folders that the documents' commands make", () => {
  it("are ignored, so that a demo or a study in the checkout is no file of the project", () => {
    const byDefault = /^\| `--out <folder>` .*\(default: `([^`]+)`\)/m.exec(
      textOf("docs/command-line.md"),
    )?.[1];
    const named = commands.flatMap(({ command }) =>
      Array.from(command.matchAll(/ --out ([\w-]+)(?= |$)/g), ([, folder]) => folder),
    );
    const folders = [...new Set([byDefault, ...named])];
    expect(folders).toEqual(expect.arrayContaining(["viaduct-demo", "my-set", "my-study"]));
    const ignored = textOf(".gitignore").split("\n");
    expect(ignored).toEqual(expect.arrayContaining(folders.map((folder) => `/${folder}/`)));
  });
});

describe("TypeScript in the documents", () => {
  it("compiles against the library's entry", () => {
    const fences = pages.flatMap((page) =>
      fencesOf(page)
        .filter(({ language }) => language === "ts")
        .map(({ code }) => ({ page, code })),
    );
    expect(fences.length).toBeGreaterThan(0);
    const folder = mkdtempSync(join(tmpdir(), "viaduct-docs-"));
    try {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "package.json"), '{"type": "module"}');
      const names = fences.map(({ page, code }, i) => {
        const name = `${page.replaceAll(/[/.]/g, "-")}-${i}.ts`;
        writeFileSync(join(folder, name), `${code}\nexport {};\n`);
        return name;
      });
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          extends: resolve(root, "tsconfig.base.json"),
          compilerOptions: {
            composite: false,
            declaration: false,
            noEmit: true,
            noUnusedLocals: false,
            types: ["node"],
            paths: { viaduct: [resolve(root, "src/index.ts")] },
          },
          files: [...names, resolve(root, "src/universal.d.ts")],
        }),
      );
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      expect(stdout).toBe("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
