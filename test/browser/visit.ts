/** A page of the explorer that notes what must never happen in it. */
import type { Browser, Page } from "playwright-core";

export interface Visit {
  readonly page: Page;
  /**
   * Errors on the console, exceptions, requests that leave the server; pictures that are not there are no error,
   * nor is the log of a run that has just ended.
   */
  readonly complaints: string[];
}

export async function visit(
  browser: Browser,
  url: string,
  hash: string,
  viewport = { width: 1280, height: 800 },
): Promise<Visit> {
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (
      message.type() !== "error" ||
      /\/data\/(picture|thumbnail)\/|\/log\.jsonl$/.test(message.location().url)
    )
      return;
    complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (
      !request
        .url()
        .replace(/^blob:/, "")
        .startsWith(url)
    )
      complaints.push(`leaves the server: ${request.url()}`);
  });
  await page.goto(url + hash);
  return { page, complaints };
}
