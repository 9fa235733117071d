/** What `embed` found and made, for people. */
import { plainText, shownName } from "./shown-name.ts";
import type { EmbeddedReport, EmbeddingSetManifest } from "../../protocol/embedding-set.ts";

/** Lines of text without colour, joined by line breaks. */
export function renderEmbedReport(manifest: EmbeddingSetManifest): string {
  const { embedded } = manifest.report;
  const parts = embedded === null ? [] : [...pictureLines(embedded), ...captionLines(embedded)];
  return [...parts, ...setLines(manifest)].join("\n");
}

const indent = " ".repeat(10);

function block(label: string, first: string, more: readonly string[]): string[] {
  return [label.padEnd(indent.length) + first, ...more.map((line) => `${indent}  ${line}`)];
}

function pictureLines({ from, pictures, otherFiles }: EmbeddedReport): string[] {
  const { found, unreadable, missing, outside, web, cutOff, duplicates } = pictures;
  if (found === 0 && missing.count + outside.count + web.count + cutOff.count === 0) return [];
  const others = Object.entries(otherFiles);
  const lines = [
    ...when(
      unreadable.count,
      `${count(unreadable.count)} cannot be used and ${are(unreadable.count)} left out; dropped.csv lists ${unreadable.count === 1 ? "it" : "all"}:`,
    ),
    ...unreadable.first.map(({ file, reason }) => `  ${shownName(file)}: ${plainText(reason, 160)}`),
    ...when(missing.count, `${count(missing.count)} named and not found${names(missing)}`),
    ...when(
      outside.count,
      `${count(outside.count)} outside the folder of pictures, left out${names(outside)}`,
    ),
    ...when(web.count, `${count(web.count)} on the web, not fetched${names(web)}`),
    ...when(
      cutOff.count,
      `the archive ends in the middle of ${shownName(cutOff.first[0] ?? "")}: copy it again`,
    ),
    ...when(
      duplicates.count,
      `${count(duplicates.count)} with the bytes of an earlier one, kept (${duplicates.first
        .slice(0, 2)
        .map(({ file, of }) => `${shownName(file)} = ${shownName(of)}`)
        .join(", ")}${duplicates.count > 2 ? ", …" : ""})`,
    ),
    ...when(
      pictures.embedded > 0 ? pictures.withoutCaption : 0,
      `${count(pictures.withoutCaption)} without a caption`,
    ),
    ...when(pictures.withoutThumbnail, `${count(pictures.withoutThumbnail)} without a thumbnail`),
    ...when(
      others.length,
      `other files, not looked at: ${others.map(([ending, n]) => `${count(n)} ${ending}`).join(", ")}`,
    ),
  ];
  return block("pictures", `${count(pictures.embedded)} embedded, of ${from}`, lines);
}

function captionLines({ captionsFrom, captions }: EmbeddedReport): string[] {
  const { embedded, alone, empty, withoutPicture, ofUnreadable } = captions;
  if (embedded + empty.count + withoutPicture.count + ofUnreadable === 0) {
    return block("captions", "none: a set of pictures alone has no pairs and no bridges", []);
  }
  const from = captionsFrom === null ? "" : `, from ${captionsFrom}`;
  return block("captions", `${count(embedded)} embedded${from}`, [
    ...when(alone, `${count(alone)} of them ${alone === 1 ? "a text" : "texts"} without pictures`),
    ...when(empty.count, `${count(empty.count)} empty, left out${names(empty)}`),
    ...when(
      withoutPicture.count,
      `${count(withoutPicture.count)} of pictures that are not there, left out${names(withoutPicture)}`,
    ),
    ...when(ofUnreadable, `${count(ofUnreadable)} of pictures that cannot be used, left out`),
  ]);
}

function setLines({ image, text, pairs, dimension, encoder, report }: EmbeddingSetManifest): string[] {
  const scale = encoder?.normalization === "l2" ? "rows of unit length" : "rows as the towers scale them";
  const repeats = report.image.duplicates.count;
  return block(
    "set",
    `${count(image.rows)} image rows, ${count(text.rows)} text rows, ${count(pairs)} pairs, ${count(dimension)} dimensions, ${scale}`,
    [
      ...when(repeats, `${rows(repeats, "image")} an earlier one`),
      ...when(report.text.duplicates.count, `${rows(report.text.duplicates.count, "text")} an earlier one`),
      ...columnLines(report.leftOutColumns),
    ],
  );
}

/** Archives have the same columns, and may be many. */
function columnLines(columns: EmbeddingSetManifest["report"]["leftOutColumns"]): string[] {
  const files = new Map<string, string[]>();
  for (const { file, column, reason } of columns) {
    const what = `column ${column} left out (${reason}) of`;
    const known = files.get(what);
    if (known) known.push(file);
    else files.set(what, [file]);
  }
  return [...files].map(
    ([what, of]) => `${what} ${of.length === 1 ? shownName(of[0]!) : `${count(of.length)} files`}`,
  );
}

function when(number: number, line: string): string[] {
  return number > 0 ? [line] : [];
}

function names({ first, count: all }: { readonly first: readonly string[]; readonly count: number }): string {
  if (first.length === 0) return "";
  return ` (${first.slice(0, 2).map(shownName).join(", ")}${all > 2 ? ", …" : ""})`;
}

function rows(number: number, modality: string): string {
  return number === 1 ? `1 ${modality} row equals` : `${count(number)} ${modality} rows equal`;
}

function are(number: number): string {
  return number === 1 ? "is" : "are";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
