import type { Command } from "commander";
import { port } from "../engine.ts";
import { print } from "../output.ts";

interface ExploreOptions {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly offline?: boolean;
  readonly token?: string;
  readonly allowHost?: readonly string[];
  readonly allowFrame?: readonly string[];
}

export function exploreVerb(program: Command): void {
  program
    .command("explore")
    .summary("open a study in the browser")
    .description(
      "Serves a study to the browser, until Ctrl-C; to browsers on this machine unless told otherwise.",
    )
    .argument("<study>", "folder of a study")
    .option("--port <n>", "port to listen on; 0 takes a free one", port, 0)
    .option(
      "--host <address>",
      "address to listen on; 0.0.0.0 is reached from other machines, by whoever has the token",
      "127.0.0.1",
    )
    .option(
      "--token <text>",
      "ask for this token (default: VIADUCT_TOKEN; else none on this machine, a random one beyond it)",
    )
    .option(
      "--allow-host <name>",
      "a further name that it is reached by, through a proxy or a forwarded port; may be repeated",
      collected,
    )
    .option(
      "--allow-frame <origin>",
      "a site that may show the page of one concept in a frame, e.g. https://example.org; may be repeated",
      collected,
    )
    .option(
      "--offline",
      "answer questions with files of the model that are on this machine; without it the first question may download them",
    )
    .option("--no-open", "do not open the browser")
    .addHelpText("after", "\nExample:\n  viaduct explore my-study --no-open")
    .action(async (study: string, options: ExploreOptions) => {
      await exploreUntilStopped(study, options);
    });
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Serves the study, opens the browser if asked, and returns after Ctrl-C. */
export async function exploreUntilStopped(study: string, options: ExploreOptions): Promise<void> {
  const {
    port,
    host,
    open,
    offline = false,
    token = process.env["VIADUCT_TOKEN"],
    allowHost = [],
    allowFrame = [],
  } = options;
  const { startExplorer } = await import("../../server/explorer.ts");
  const explorer = await startExplorer({
    study,
    port,
    host,
    offline,
    allowHosts: allowHost,
    allowFrames: allowFrame,
    ...(token === undefined || token === "" ? {} : { token }),
  });
  print(`Exploring ${study} at ${explorer.url} (Ctrl-C ends it)`);
  if (explorer.otherUrls.length > 0) print(`Also at ${explorer.otherUrls.join(" and ")}`);
  if (explorer.token !== null) {
    print("Whoever has the token in the address can read the study; http does not hide it on the way.");
  }
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
