/** `viaduct explore` as a function: serves one study and the explorer over it. */
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import { ViaductError, badInput } from "../base/errors.ts";
import { openAccess, type AccessOptions } from "./access-options.ts";
import { createApplication } from "./application.ts";
import { createAnswerer } from "../pipeline/query/answerer.ts";
import { openStudyFolder } from "../pipeline/study-summary.ts";

export interface ExplorerOptions extends AccessOptions {
  /** The study's folder. */
  readonly study: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Answer questions with files of the model that are on this machine only. Default false. */
  readonly offline?: boolean;
  /** Folder of the built application; by default the one that belongs to this package. */
  readonly application?: string;
}

export interface RunningExplorer {
  /** Address of the explorer's first page, with the token where one is asked for. */
  readonly url: string;
  /** The same for other machines and other names; none on a loopback address. */
  readonly otherUrls: readonly string[];
  /** Null: none is asked for. */
  readonly token: string | null;
  close(): Promise<void>;
}

export async function startExplorer(options: ExplorerOptions): Promise<RunningExplorer> {
  const { study, port = 0, offline = false, application = builtApplication() } = options;
  let listeningOn = port;
  const { access, host, names } = openAccess(options, () => listeningOn);
  const folder = await openStudyFolder(study);
  if (!existsSync(join(application, "index.html"))) {
    throw new ViaductError(
      "missing-part",
      `the explorer is not built in ${application}: run \`npm run build\``,
    );
  }

  const answerer = createAnswerer(folder.root, { offline });
  const app = createApplication({ folder, builtApp: application, access, answerer });
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host, autoCleanupIncoming: false });
  await new Promise<void>((listening, failed) => {
    server.once("error", (cause) => {
      failed(badInput(`cannot listen on ${host}:${port} (${cause.message}); give another --port`, cause));
    });
    server.listen(port, host, listening);
  });
  listeningOn = (server.address() as AddressInfo).port;

  const query = access.token === null ? "" : `?token=${access.token}`;
  const [url = "", ...otherUrls] = names.map((name) => `http://${name}:${listeningOn}/${query}`);
  return {
    url,
    otherUrls,
    token: access.token,
    async close() {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      await answerer.close();
    },
  };
}

/** `dist/explorer`, seen from `src/server` in a checkout and from `dist/server` in the package. */
export function builtApplication(): string {
  const fromCheckout = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(fromCheckout ? "../../dist/explorer" : "../explorer", import.meta.url));
}
