/** An exported site, opened from a static host with nothing else on the network; and the page of one concept in frames. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { exportSite } from "../../src/pipeline/export/site/export-site.ts";
import { startExplorer } from "../../src/server/explorer.ts";
import { applicationPolicy } from "../../src/server/headers.ts";
import { launchChromium } from "./chromium.ts";
import { makeOddStudy, oddCaptions, oddFiles } from "./odd-study.ts";
import { serveFolder, type StaticHost } from "./static-host.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
let scratch: string;
let study: string;
let site: string;
let browser: Browser;
const hosts: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-site-"));
  browser = await launchChromium();
  study = await makeOddStudy(scratch, "odd", createReferenceBackend(), { paired: true, analysed: true });
  site = join(scratch, "site");
  await exportSite({ study, out: site, application, pictureRows: "all" });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  for (const host of hosts) await host.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

async function host(...parts: Parameters<typeof serveFolder>): Promise<StaticHost> {
  const served = await serveFolder(...parts);
  hosts.push(served);
  return served;
}

/** Cuts the network but for this origin, and notes what tried to leave. */
async function alone(page: Page, url: string): Promise<string[]> {
  const left: string[] = [];
  await page.route("**/*", async (route) => {
    if (route.request().url().startsWith(url)) await route.continue();
    else {
      left.push(route.request().url());
      await route.abort();
    }
  });
  return left;
}

it("forbids itself what the local server forbids it, on any host", async () => {
  for (const page of ["index.html", "embed.html"]) {
    const html = await readFile(join(application, page), "utf8");
    expect(/http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1]).toBe(
      applicationPolicy.join("; "),
    );
  }
});

describe.each([
  { ranges: true, below: "/" },
  { ranges: false, below: "/some/where/" },
])("on a host with ranges: $ranges, at $below", ({ ranges, below }) => {
  it("shows map, list and concepts with their pictures, and asks nobody else for anything", async () => {
    const { url, asked } = await host(site, { ranges, below });
    const { page, complaints } = await visit(browser, "about:blank", "");
    const left = await alone(page, url);
    await page.goto(`${url}#/map`);
    await page.locator("canvas.map-overlay").waitFor();
    await page.goto(`${url}#/concepts`);
    const rows = page.locator(".concept-row");
    await rows.first().waitFor();
    const links = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("href")!));
    const captions = new Set<string>();
    const problems = new Set<string>();
    const names = new Set<string>();
    for (const link of links.slice(0, 10)) {
      await page.goto(url + link);
      await page.locator('.concept-page[aria-busy="false"]').waitFor();
      await page.locator(".captions li, .pictures li").first().waitFor();
      await page.waitForLoadState("networkidle");
      for (const text of await page.locator(".caption-text").allTextContents()) captions.add(text);
      for (const text of await page.locator(".picture-problem").allTextContents()) problems.add(text);
      const shown = page.locator(".pictures img");
      for (const image of await shown.all()) {
        await expect.poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(1);
        expect(await image.getAttribute("src")).toMatch(/^blob:/);
        names.add((await image.getAttribute("alt")) ?? "");
      }
      expect(await page.locator(".concept-page b, .concept-page script").count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    }
    for (const caption of [oddCaptions.markup, oddCaptions.arabic, oddCaptions.lines]) {
      expect(captions).toContain(caption);
    }
    expect(problems).toContain("not part of this export");
    expect(oddFiles.there.filter((name) => names.has(name)).length).toBeGreaterThan(2);
    expect(left).toEqual([]);
    expect(complaints.filter((one) => !one.includes(url))).toEqual([]);
    const files = asked.filter((path) => path.includes("/data/"));
    if (!ranges) expect(new Set(files).size).toBe(files.length);
    expect(asked.filter((path) => !path.startsWith(below))).toEqual([]);
    await page.close();
  });
});

describe("the page of one concept", () => {
  /** A page of another origin with the address in a frame. */
  async function framed(address: string): Promise<Page> {
    const folder = mkdtempSync(join(scratch, "frame-"));
    writeFileSync(
      join(folder, "index.html"),
      `<!doctype html><iframe src="${address}" width="640" height="420" title="Concept"></iframe>`,
    );
    const { url } = await host(folder, { ranges: true });
    const page = await browser.newPage();
    await page.goto(url);
    return page;
  }

  it("lies in a frame of another site, from a static host, and leads to the explorer", async () => {
    const { url } = await host(site, { ranges: false });
    const page = await framed(`${url}embed.html#/concept/3?theme=dark`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading", { name: /^Concept 3/ }).waitFor();
    expect(await frame.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await frame.locator("nav").count()).toBe(0);
    const [opened] = await Promise.all([
      page.waitForEvent("popup"),
      frame.getByRole("link", { name: "Open in the explorer" }).click(),
    ]);
    await opened.locator("h1", { hasText: "Concept 3" }).waitFor();
    expect(opened.url()).toBe(`${url}#/concept/3?dictionary=one`);
    await page.close();
    await opened.close();
  });

  it("lies in a frame of a page of this machine, from the local server, but the explorer does not", async () => {
    const explorer = await startExplorer({ study, application });
    hosts.push(explorer);
    const page = await framed(`${explorer.url}embed.html#/concept/3`);
    await page
      .frameLocator("iframe")
      .getByRole("heading", { name: /^Concept 3/ })
      .waitFor();
    await page.close();
    const refused = await framed(explorer.url);
    await refused.waitForLoadState("networkidle");
    expect(await refused.frameLocator("iframe").locator("#app").count()).toBe(0);
    await refused.close();
  });

  it("says what is wrong with its address", async () => {
    const { url } = await host(site, { ranges: true });
    const { page } = await visit(browser, url, "embed.html#/concept/5000");
    await page.getByText("there is no concept 5000: the dictionary has 512").waitFor();
    await page.goto(`${url}embed.html#/concept/1?dictionary=two`);
    await page.getByText("this study has no analysed dictionary two; it has one").waitFor();
    await page.goto(`${url}embed.html`);
    await page.getByText("the address names no concept").waitFor();
    await page.close();
  });
});

describe("the token", () => {
  it("opens the explorer once by its address and is gone from it, then by its cookie", async () => {
    const explorer = await startExplorer({ study, application, token: "a-token-for-this-test" });
    hosts.push(explorer);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${explorer.url}#/concepts`);
    await page.locator(".concept-row").first().waitFor();
    expect(page.url()).not.toContain("token");
    await page.reload();
    await page.locator(".concept-row").first().waitFor();
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await context.close();
    const stranger = await browser.newPage();
    const answer = await stranger.goto(new URL("/", explorer.url).href);
    expect(answer?.status()).toBe(401);
    await stranger.close();
  });
});
