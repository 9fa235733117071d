/**
 * How long the explorer takes to open a study: from navigation to the map painted, the list filled
 * and a concept's page complete, with the requests and bytes that each of them needed.
 *
 * Usage: node bench/explorer-open.ts <study> [--json] [--runs 5]
 *
 * Every run is a new browser context, so nothing comes from a cache. The explorer has to be built.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { startExplorer } from "../src/server/explorer.ts";
import { launchChromium } from "../test/browser/chromium.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "5" } },
});
const study = positionals[0];
const runs = Number(values.runs);
if (study === undefined || !Number.isSafeInteger(runs) || runs < 1) {
  console.error("usage: node bench/explorer-open.ts <study> [--json] [--runs 5]");
  process.exit(2);
}

interface Opening {
  milliseconds: number;
  requests: number;
  bytes: number;
}

/** What has to be on the page before a view counts as open; runs in the browser, hence a text. */
const views = {
  map: `(() => {
    const canvas = document.querySelector("canvas.map-points");
    if (canvas === null || canvas.width < 100) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const words = new Uint32Array(data.buffer);
    return words.some((word) => word !== words[0]);
  })()`,
  concepts: `document.querySelectorAll(".concept-row .concept-text").length > 5 &&
    [...document.querySelectorAll(".concept-row .concept-text")].every((text) => text.textContent !== "")`,
  concept: `document.querySelectorAll(".captions li, .pictures li").length > 0 &&
    document.querySelector(".mirrored-histogram") !== null &&
    document.querySelector('.concept-page[aria-busy="true"]') === null`,
};

async function open(browser: Browser, url: string, hash: string, painted: string): Promise<Opening> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    // The probes below are evaluated in the page, which its own policy forbids.
    bypassCSP: true,
  });
  const page = await context.newPage();
  let requests = 0;
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    requests++;
    sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize));
  });
  const begin = performance.now();
  await page.goto(url + hash, { waitUntil: "commit" });
  await page.waitForFunction(painted, undefined, { polling: "raf" });
  const milliseconds = performance.now() - begin;
  await page.waitForLoadState("networkidle");
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return { milliseconds, requests, bytes };
}

/** The middle one of the runs, by time. */
function median(openings: readonly Opening[]): Opening {
  return openings.toSorted((a, b) => a.milliseconds - b.milliseconds)[Math.floor(openings.length / 2)]!;
}

const application = fileURLToPath(new URL("../dist/explorer", import.meta.url));
const explorer = await startExplorer({ study, application });
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

  const measured: Record<string, Opening> = {};
  for (const [view, painted] of Object.entries(views)) {
    const openings: Opening[] = [];
    const hash = view === "concept" ? `#/${concept}` : `#/${view}`;
    for (let run = 0; run < runs; run++) openings.push(await open(browser, explorer.url, hash, painted));
    measured[view] = median(openings);
  }
  if (values.json) console.log(JSON.stringify({ concepts, runs, ...measured }));
  else {
    console.log(`${concepts} concepts, median of ${runs}`);
    for (const [view, { milliseconds, requests, bytes }] of Object.entries(measured)) {
      console.log(
        `${view.padEnd(9)} ${milliseconds.toFixed(0).padStart(6)} ms  ${String(requests).padStart(4)} requests  ${(bytes / 1024).toFixed(0).padStart(6)} KiB`,
      );
    }
  }
} finally {
  await browser.close();
  await explorer.close();
}
