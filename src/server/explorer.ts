/** `viaduct explore` as a function: serves one study and the explorer over it on this machine. */
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import { ViaductError, badInput, badUsage } from "../base/errors.ts";
import { createApplication } from "./application.ts";
import { isLoopback } from "./guards.ts";
import { openStudyFolder } from "./study-folder.ts";

export interface ExplorerOptions {
  /** The study's folder. */
  study: string;
  /** 0, the default: any free port. */
  port?: number;
  /** A loopback address: `127.0.0.1` (default), `localhost` or `::1`. */
  host?: string;
  /** Folder of the built application; by default the one that belongs to this package. */
  application?: string;
}

export interface RunningExplorer {
  /** Address of the explorer's first page. */
  url: string;
  close(): Promise<void>;
}

export async function startExplorer(options: ExplorerOptions): Promise<RunningExplorer> {
  const { study, port = 0, host = "127.0.0.1", application = builtApplication() } = options;
  if (!isLoopback(host)) {
    throw badUsage(`host ${host} is reachable from other machines; expected 127.0.0.1, localhost or ::1`);
  }
  const folder = await openStudyFolder(study);
  if (!existsSync(join(application, "index.html"))) {
    throw new ViaductError(
      "missing-part",
      `the explorer is not built in ${application}: run \`npm run build\``,
    );
  }

  let listeningOn = port;
  const app = createApplication(folder, application, () => listeningOn);
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host, autoCleanupIncoming: false });
  await new Promise<void>((listening, failed) => {
    server.once("error", (cause) => {
      failed(badInput(`cannot listen on ${host}:${port} (${cause.message}); give another --port`, cause));
    });
    server.listen(port, host, listening);
  });
  listeningOn = (server.address() as AddressInfo).port;

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listeningOn}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

/** `dist/explorer`, seen from `src/server` in a checkout and from `dist/server` in the package. */
function builtApplication(): string {
  const fromCheckout = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(fromCheckout ? "../../dist/explorer" : "../explorer", import.meta.url));
}
