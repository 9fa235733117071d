#!/usr/bin/env node
/** The command line: a table of verbs. A verb's options are declared here cheaply; its work is imported when it runs. */
import { Command, CommanderError } from "commander";
import { badUsage, ViaductError } from "../base/errors.ts";
import { packageVersion } from "../platform/node/files/package-version.ts";
import { systemErrorLine } from "./system-error.ts";
import { analyzeVerb } from "./verbs/analyze.ts";
import { compareVerb } from "./verbs/compare.ts";
import { demoVerb } from "./verbs/demo.ts";
import { doctorVerb } from "./verbs/doctor.ts";
import { embedVerb } from "./verbs/embed.ts";
import { explainVerb } from "./verbs/explain.ts";
import { exploreVerb } from "./verbs/explore.ts";
import { exportVerb } from "./verbs/export.ts";
import { importVerb } from "./verbs/import.ts";
import { joinVerb } from "./verbs/join.ts";
import { paperVerb } from "./verbs/paper.ts";
import { queryVerb } from "./verbs/query.ts";
import { reportVerb } from "./verbs/report.ts";
import { sweepVerb } from "./verbs/sweep.ts";
import { trainVerb } from "./verbs/train.ts";

const program = new Command("viaduct")
  .description("Find, measure and explore the concepts inside vision-language embedding spaces.")
  .version(packageVersion(), "-V, --version", "print the version")
  .option("--debug", "print the stack of an error")
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
  .exitOverride();

for (const verb of [
  demoVerb,
  embedVerb,
  importVerb,
  joinVerb,
  trainVerb,
  sweepVerb,
  analyzeVerb,
  compareVerb,
  paperVerb,
  reportVerb,
  queryVerb,
  explainVerb,
  exploreVerb,
  exportVerb,
  doctorVerb,
])
  verb(program);
program
  .helpCommand(false)
  .command("help")
  .summary("display help for command")
  .argument("[command]")
  .action((name: string | undefined) => {
    if (name === undefined) return program.help();
    const verb = program.commands.find((one) => one.name() === name);
    if (verb !== undefined) return verb.help();
    const verbs = program.commands.map((one) => one.name()).filter((one) => one !== "help");
    throw badUsage(`there is no verb "${name}"; expected one of ${verbs.join(", ")}`);
  });
// Every verb takes --debug as well, wherever it stands.
for (const verb of program.commands) verb.option("--debug", "print the stack of an error");

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, process.argv.includes("--debug"));
}

/** The parser's complaint as one line: its "error:" dropped, its suggestion on the same line. */
function oneLine(text: string): string {
  const told = text
    .replace(/^error: /, "")
    .trim()
    .replaceAll(/\s*\n\s*/g, " ");
  return `viaduct: ${told.replace(/\.$/, "")}; viaduct <verb> --help lists what it takes\n`;
}

/** Prints what went wrong, in one line unless asked for more, and gives the exit status. */
function report(error: unknown, debug: boolean): number {
  // Commander has already printed its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const system = systemErrorLine(error);
  const known = error instanceof ViaductError || system !== undefined;
  const text = system ?? (error instanceof Error ? error.message : String(error));
  process.stderr.write(`viaduct: ${known ? "" : "unexpected: "}${text}\n`);
  if (debug) process.stderr.write(`${error instanceof Error ? error.stack : ""}\n`);
  else if (!known) process.stderr.write("viaduct: run again with --debug for the stack\n");
  if (!(error instanceof ViaductError)) return 1;
  return error.code === "bad-usage" ? 2 : error.code === "cancelled" ? 130 : 1;
}
