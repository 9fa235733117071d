/** Answers questions in the page of a static export, as the local server does (pipeline/query/answerer.ts). */
import { badInput } from "../../../base/errors.ts";
import type { Modality, RowSource } from "../../../base/rows.ts";
import { createReferenceBackend } from "../../../kernels/reference/backend.ts";
import { nearestRows } from "../../../linalg/nearest-rows.ts";
import { siteLayout } from "../../../protocol/site-layout.ts";
import { siteQueriesSchemaVersion, type SiteQueries } from "../../../protocol/site-queries.ts";
import type { Answer, Question } from "../../../protocol/query.ts";
import type { StudySummary } from "../../../protocol/study-summary.ts";
import { answerPoint } from "../../../queries/answer-point.ts";
import type { AskedStudy, QueryPoint } from "../../../queries/asked-study.ts";
import { explainPoints } from "../../../queries/explain-points.ts";
import type { Ask } from "../asker.ts";
import type { DataSource } from "../data-source.ts";
import { once } from "../once.ts";
import { askedDictionary, type SetItems } from "./asked-dictionary.ts";
import { fetchMeter, type FetchMeter } from "./fetch-meter.ts";
import { pageEncoder, type PageEncoder, type PageEncoderEffects } from "./page-encoder.ts";
import { setRows } from "./set-rows.ts";

export interface PageAnswersEffects extends PageEncoderEffects {
  readonly source: DataSource;
  readonly items: SetItems;
}

type Rows = Readonly<Record<Modality, RowSource>> | null;

export function pageAnswers(
  { dictionaries }: Pick<StudySummary, "dictionaries">,
  effects: PageAnswersEffects,
): Ask {
  const { source, items } = effects;
  // One row at a time.
  const backend = createReferenceBackend();
  const opened = once(async () => {
    const queries = (await source.json(siteLayout.queries.description)) as SiteQueries;
    if (queries.schemaVersion !== siteQueriesSchemaVersion) {
      throw badInput(`${siteLayout.queries.description} is of another version than this page; reload it`);
    }
    return { queries, encoder: pageEncoder(queries, effects) };
  });
  const studies = new Map<string, Promise<Pick<AskedStudy, "name" | "dictionary" | "words">>>();
  let rows: Promise<Rows> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const studyOf = (name: string, { dictionaries: coding }: SiteQueries, meter: FetchMeter) => {
    const summary = dictionaries.find((one) => one.name === name);
    if (summary === undefined) throw badInput(`this site has no dictionary ${name}`);
    const study = studies.get(name) ?? askedDictionary(source, summary, coding, items, meter);
    studies.set(name, study);
    study.catch(() => studies.delete(name));
    return study;
  };
  const rowsOf = ({ embeddings }: SiteQueries, meter: FetchMeter): Promise<Rows> => {
    rows ??= embeddings === null ? Promise.resolve(null) : setRows(source, embeddings, meter);
    rows.catch(() => (rows = null));
    return rows;
  };

  async function answer({ dictionary, text, image }: Question, meter: FetchMeter): Promise<Answer> {
    const { queries, encoder } = await opened();
    const [study, embeddings] = await Promise.all([
      studyOf(dictionary, queries, meter),
      rowsOf(queries, meter),
      text === undefined ? null : encoder.open("text", meter),
      image === undefined || "row" in image ? null : encoder.open("image", meter),
    ]);
    const asked: AskedStudy = {
      ...study,
      backend,
      embeddings,
      items: (modality, wanted) => items[modality].read(wanted),
    };
    const said = text === undefined ? null : await textPoint(text, encoder, asked);
    const seen = image === undefined ? null : await imagePoint(image, encoder, asked);
    return {
      text: said && (await answerPoint(asked, said)),
      image: seen && (await answerPoint(asked, seen)),
      explanation: said && seen && (await explainPoints(asked, seen, said)),
    };
  }

  return (question, tell) => {
    const answered = last.then(() => answer(question, fetchMeter(tell)));
    last = answered.catch(() => undefined);
    return answered;
  };
}

/** Rows that are looked at for the words that are asked about. */
const alike = 8;

/** A caption of the set is that row, as it is to the local server: a caption is nearest to itself. */
async function textPoint(
  words: string,
  encoder: PageEncoder,
  { embeddings, items }: AskedStudy,
): Promise<QueryPoint> {
  const vector = await encoder.text(words);
  const near = embeddings === null ? [] : await nearestRows(vector, embeddings.text, alike);
  const found = await items(
    "text",
    near.map(({ row }) => row),
  );
  const same = near.filter((_, i) => found[i]!.caption === words).map(({ row }) => row);
  const row = same.length === 0 ? null : Math.min(...same);
  return { modality: "text", vector: row === null ? vector : await rowAt(embeddings!.text, row), words, row };
}

async function imagePoint(
  image: NonNullable<Question["image"]>,
  encoder: PageEncoder,
  { embeddings, items }: AskedStudy,
): Promise<QueryPoint> {
  if ("base64" in image) {
    const file = Uint8Array.from(atob(image.base64), (sign) => sign.charCodeAt(0));
    return { modality: "image", vector: await encoder.picture(file), words: "a picture", row: null };
  }
  const { row } = image;
  if (embeddings === null) throw badInput("this site holds no embeddings; ask about a picture of your own");
  if (row >= embeddings.image.rows) {
    throw badInput(`image row ${row}: the set has image rows 0 to ${embeddings.image.rows - 1}`);
  }
  const [item] = await items("image", [row]);
  const words = item?.file ?? item?.caption ?? `image row ${row}`;
  return { modality: "image", vector: await rowAt(embeddings.image, row), words, row };
}

async function rowAt(source: RowSource, row: number): Promise<Float32Array> {
  const vector = new Float32Array(source.columns);
  await source.readRange(row, 1, vector);
  return vector;
}
