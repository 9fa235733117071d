import type { Command } from "commander";
import { port } from "../engine.ts";
import { print } from "../output.ts";

interface ExploreOptions {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
}

export function exploreVerb(program: Command): void {
  program
    .command("explore")
    .summary("open a study in the browser")
    .description("Serves a study to the browser on this machine, until Ctrl-C.")
    .argument("<study>", "folder of a study")
    .option("--port <n>", "port to listen on; 0 takes a free one", port, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--no-open", "do not open the browser")
    .addHelpText("after", "\nExample:\n  viaduct explore my-study --no-open")
    .action(async (study: string, options: ExploreOptions) => {
      await exploreUntilStopped(study, options);
    });
}

/** Serves the study, opens the browser if asked, and returns after Ctrl-C. */
export async function exploreUntilStopped(
  study: string,
  { port, host, open }: ExploreOptions,
): Promise<void> {
  const { startExplorer } = await import("../../server/explorer.ts");
  const explorer = await startExplorer({ study, port, host });
  print(`Exploring ${study} at ${explorer.url} (Ctrl-C ends it)`);
  if (open) await openBrowser(explorer.url);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await explorer.close();
}

async function openBrowser(url: string): Promise<void> {
  const { default: openUrl } = await import("open");
  try {
    const child = await openUrl(url);
    // A machine without a browser is no reason to stop serving: the address is printed.
    child.on("error", () => {});
  } catch {
    print("No browser could be opened here; open the address yourself.");
  }
}
