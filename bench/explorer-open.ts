/**
 * How long the explorer takes to open a study: from navigation to the map painted, the lists of
 * concepts and bridges filled and a concept's page complete, with the requests and bytes that each of
 * them needed; and how long the next view takes, from the map that lies open to each of the others.
 *
 * Usage: node bench/explorer-open.ts <study or exported site> [--json] [--runs 5] [--throttle <Mbit/s>] [--latency <ms>]
 *
 * Every run is a new browser context, so nothing comes from a cache. The explorer has to be built. A
 * study comes from the local server; the folder of an export from a static host that knows ranges and
 * compresses nothing.
 * `--throttle` slows the line down by Chromium's network emulation, in both directions; every request
 * then waits at least `--latency` milliseconds (default: 20).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { siteLayout } from "../src/protocol/site-layout.ts";
import { startExplorer } from "../src/server/explorer.ts";
import { launchChromium } from "../test/browser/chromium.ts";
import { serveFolder } from "../test/browser/static-host.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
    throttle: { type: "string" },
    latency: { type: "string", default: "20" },
  },
});
const study = positionals[0];
const runs = Number(values.runs);
const throttle = values.throttle === undefined ? null : Number(values.throttle);
const latency = Number(values.latency);
if (
  study === undefined ||
  !(Number.isSafeInteger(runs) && runs > 0) ||
  !(throttle === null || throttle > 0) ||
  !(latency >= 0)
) {
  console.error(
    "usage: node bench/explorer-open.ts <study or exported site> [--json] [--runs 5] [--throttle <Mbit/s>] [--latency <ms>]",
  );
  process.exit(2);
}

interface Opening {
  milliseconds: number;
  requests: number;
  bytes: number;
}

/** Notes when concepts are first drawn, by whichever painter; runs in the page before anything else, hence a text. */
const noteDrawing = `(() => {
  const draws = (owner, name, isDrawing) => {
    const original = owner.prototype[name];
    owner.prototype[name] = function (...parts) {
      original.apply(this, parts);
      if (window.firstDrawn === undefined && isDrawing(...parts)) {
        requestAnimationFrame(() => (window.firstDrawn ??= performance.now()));
      }
    };
  };
  draws(CanvasRenderingContext2D, "putImageData", ({ data }) => {
    const words = new Uint32Array(data.buffer);
    for (let i = 0; i < words.length; i += 17) if (words[i] !== words[0]) return true;
    return false;
  });
  draws(WebGL2RenderingContext, "drawArrays", (mode, first, count) => count > 100);
  draws(WebGL2RenderingContext, "drawArraysInstanced", (mode, first, count, instances) => instances > 100);
})()`;

/** When a view counts as open, in milliseconds since navigation began; runs in the browser, hence texts. */
const painted = {
  map: "window.firstDrawn",
  list: `document.querySelectorAll(".concept-row .concept-text").length > 5 &&
    [...document.querySelectorAll(".concept-row .concept-text")].every((text) => text.textContent !== "") &&
    performance.now()`,
  bridges: `document.querySelectorAll(".bridge-row").length > 5 &&
    [...document.querySelectorAll(".bridge-row .concept-text")].every((text) => text.textContent !== "") &&
    performance.now()`,
  concept: `document.querySelectorAll(".captions li, .pictures li").length > 0 &&
    document.querySelector(".concept-facts .histogram-side") !== null &&
    document.querySelector('.concept-page[aria-busy="true"]') === null &&
    [...document.querySelectorAll(".pictures .picture")].every((picture) =>
      picture.classList.contains("picture-absent") || picture.querySelector("img")?.naturalWidth > 0) &&
    performance.now()`,
};

/** A page with a slow line, and what went over it since `begin`. */
async function newPage(browser: Browser) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    // The probes above are evaluated in the page, which its own policy forbids.
    bypassCSP: true,
  });
  const page = await context.newPage();
  await page.addInitScript(noteDrawing);
  if (throttle !== null) {
    const session = await context.newCDPSession(page);
    const bytesPerSecond = (throttle * 1e6) / 8;
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
  }
  let requests = 0;
  let sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    requests++;
    sizes.push(
      request.sizes().then(
        (size) => size.responseBodySize + size.responseHeadersSize,
        // The page was closed before it was counted.
        () => 0,
      ),
    );
  });
  const begin = (): void => {
    requests = 0;
    sizes = [];
  };
  const sent = async (): Promise<{ requests: number; bytes: number }> => {
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(500);
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return { requests, bytes };
  };
  return { page, begin, sent, close: (): Promise<void> => context.close() };
}

/** Milliseconds on the page's own clock. */
async function when(page: Page, condition: string): Promise<number> {
  return (
    await page.waitForFunction(condition, undefined, { polling: "raf" })
  ).jsonValue() as Promise<number>;
}

async function first(browser: Browser, address: string, condition: string): Promise<Opening> {
  const { page, sent, close } = await newPage(browser);
  await page.goto(address, { waitUntil: "commit" });
  const milliseconds = await when(page, condition);
  const opening = { milliseconds, ...(await sent()) };
  await close();
  return opening;
}

/** From the map, once nothing is on its way any more. */
async function next(browser: Browser, url: string, hash: string, condition: string): Promise<Opening> {
  const { page, begin, sent, close } = await newPage(browser);
  await page.goto(`${url}#/map`, { waitUntil: "commit" });
  await when(page, painted.map);
  await sent();
  begin();
  const left: number = await page.evaluate(`location.hash = ${JSON.stringify(hash)}, performance.now()`);
  const milliseconds = (await when(page, condition)) - left;
  const opening = { milliseconds, ...(await sent()) };
  await close();
  return opening;
}

/** The middle one of the runs, by time. */
function median(openings: readonly Opening[]): Opening {
  return openings.toSorted((a, b) => a.milliseconds - b.milliseconds)[Math.floor(openings.length / 2)]!;
}

const application = fileURLToPath(new URL("../dist/explorer", import.meta.url));
const isSite = existsSync(join(study, siteLayout.manifest));
const explorer = isSite
  ? await serveFolder(study, { ranges: true })
  : await startExplorer({ study, application });
const browser = await launchChromium();
try {
  const summary = (await (await fetch(`${explorer.url}data/summary.json`)).json()) as {
    dictionaries: { analysed: boolean; concepts: number | null }[];
  };
  const concepts = summary.dictionaries.find((one) => one.analysed)?.concepts ?? null;
  // The concept with the most bridges has the fullest page.
  const page = await browser.newPage();
  await page.goto(`${explorer.url}#/concepts?sort=-bridges`);
  const row = page.locator(".concept-row").first();
  await row.waitFor();
  const concept = /concept\/\d+/.exec((await row.getAttribute("href")) ?? "")?.[0] ?? "concept/0";
  await page.close();

  const at = (hash: string): string => `${explorer.url}#/${hash}`;
  const views: Record<string, () => Promise<Opening>> = {
    map: () => first(browser, at("map"), painted.map),
    list: () => first(browser, at("concepts"), painted.list),
    bridges: () => first(browser, at("bridges"), painted.bridges),
    concept: () => first(browser, at(concept), painted.concept),
    "map, then concept": () => next(browser, explorer.url, `#/${concept}`, painted.concept),
    "map, then list": () => next(browser, explorer.url, "#/concepts", painted.list),
    "map, then bridges": () => next(browser, explorer.url, "#/bridges", painted.bridges),
  };
  const measured: Record<string, Opening> = {};
  for (const [view, open] of Object.entries(views)) {
    const openings: Opening[] = [];
    for (let run = 0; run < runs; run++) openings.push(await open());
    measured[view] = median(openings);
  }
  const line = throttle === null ? null : { throttle, latency };
  if (values.json) console.log(JSON.stringify({ concepts, runs, line, ...measured }));
  else {
    const speed = line === null ? "" : `, ${throttle} Mbit/s, ${latency} ms`;
    console.log(`${concepts} concepts, median of ${runs}${speed}`);
    for (const [view, { milliseconds, requests, bytes }] of Object.entries(measured)) {
      console.log(
        `${view.padEnd(18)} ${milliseconds.toFixed(0).padStart(6)} ms  ${String(requests).padStart(4)} requests  ${(bytes / 1024).toFixed(0).padStart(6)} KiB`,
      );
    }
  }
} finally {
  await browser.close();
  await explorer.close();
}
