/** Asks an exported site by its page's own answers, for their numbers; called by ask.test.ts. */
import type { Ask } from "../../../src/explorer/data/asker.ts";
import { browserModels } from "../../../src/explorer/data/browser-models.ts";
import { httpSource } from "../../../src/explorer/data/http-source.ts";
import { ItemTable } from "../../../src/explorer/data/item-table.ts";
import { pageAnswers } from "../../../src/explorer/data/questions/page-answers.ts";
import type { Answer, Question } from "../../../src/protocol/query.ts";
import { setLayout } from "../../../src/protocol/study-layout.ts";
import type { StudySummary } from "../../../src/protocol/study-summary.ts";

/** `data` is the address of the site's folder of that name. */
async function openPage(data: string): Promise<Ask> {
  const fetchThis = (address: string, init?: RequestInit): Promise<Response> => fetch(address, init);
  const source = httpSource(data, fetchThis);
  const summary = (await source.json("summary.json")) as StudySummary;
  return pageAnswers(summary, {
    source,
    items: {
      image: new ItemTable(source, `set/${setLayout.imageItems}`),
      text: new ItemTable(source, `set/${setLayout.textItems}`),
    },
    address: (path) => new URL(data + path, document.baseURI).href,
    hub: browserModels(fetchThis),
  });
}

const opened = openPage("data/");
const askOnPage = async (question: Question): Promise<Answer> => (await opened)(question, () => {});

Object.assign(globalThis, { askOnPage });
export type AskOnPage = typeof askOnPage;
