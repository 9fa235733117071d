import type { Command } from "commander";
import { print, printJson } from "../output.ts";

export function doctorVerb(program: Command): void {
  program
    .command("doctor")
    .summary("what this machine offers")
    .description(
      "Says what this machine offers: Node, cores, memory, SIMD, the dense product, and how to get a faster one; what is there for embedding.",
    )
    .option("--json", "print the same as JSON and nothing else")
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { examineMachine, renderMachine } = await import("../machine.ts");
      const machine = await examineMachine();
      if (json) printJson(machine);
      else print(renderMachine(machine));
    });
}
