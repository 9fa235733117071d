/** The import's report as an aligned table for people. */
import type { EmbeddingSetManifest, ModalityReport } from "../protocol/embedding-set.ts";

/** Lines of text without colour; joined by line breaks. */
export function renderImportReport(manifest: EmbeddingSetManifest): string {
  const { report } = manifest;
  const { image, text } = report;
  const both = (label: string, value: (side: ModalityReport) => string, note = ""): string[] => [
    label,
    value(image),
    value(text),
    note,
  ];
  const rows = [
    ["", "images", "texts", ""],
    both("rows read", (side) => whole(side.read)),
    both(
      "  with NaN or infinities",
      (side) => whole(side.nonFinite.count),
      firstRows(image.nonFinite, text.nonFinite),
    ),
    both("  all zero", (side) => whole(side.zero.count), firstRows(image.zero, text.zero)),
    both(
      "left out",
      (side) => whole(side.dropped),
      image.dropped + text.dropped > 0 ? "listed in dropped.csv" : "",
    ),
    both("rows in the set", (side) => whole(side.rows)),
    both("dimension", () => whole(manifest.dimension)),
    both("stored as", (side) => side.dtype),
    both("norm, smallest", (side) => norm(side.norms?.min)),
    both("norm, mean", (side) => norm(side.norms?.mean)),
    both("norm, largest", (side) => norm(side.norms?.max)),
    both(
      "repeats of an earlier row",
      (side) => whole(side.duplicates.count),
      firstRows(image.duplicates, text.duplicates),
    ),
    both("in no pair", (side) => whole(side.unpaired)),
    both("with a caption", (side) => whole(side.withCaption)),
    both("with a file name", (side) => whole(side.withFile)),
  ];
  return [
    ...align(rows),
    "",
    ...pairLines(report.pairs),
    ...pictureLines(report.pictures),
    ...columnLines(report),
  ].join("\n");
}

function align(rows: readonly (readonly string[])[]): string[] {
  const width = [0, 1, 2].map((c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  return rows.map(([label = "", image = "", text = "", note = ""]) =>
    `${label.padEnd(width[0] ?? 0)}  ${image.padStart(width[1] ?? 0)}  ${text.padStart(width[2] ?? 0)}  ${note}`.trimEnd(),
  );
}

type Report = EmbeddingSetManifest["report"];

function pairLines(pairs: Report["pairs"]): string[] {
  if (pairs.by === "none")
    return ["pairs     none: bridges between images and texts need them (--pairs or --paired-rows)"];
  const notes = [
    ...(pairs.dropped > 0 ? [`${whole(pairs.dropped)} left out with their rows`] : []),
    ...(pairs.repeated > 0 ? [`${whole(pairs.repeated)} repeat an earlier one`] : []),
  ];
  return [`pairs     ${whole(pairs.count)}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`];
}

function pictureLines({ checked, found, missing, outside, web, unnamed }: Report["pictures"]): string[] {
  if (!checked) {
    return [
      `pictures  not looked for: name their folder with --image-root to see them (${whole(web)} on the web, ${whole(unnamed)} rows without a file name)`,
    ];
  }
  return [
    `pictures  ${whole(found)} found, ${whole(missing.count)} missing${firstRows(missing)}, ${whole(web)} on the web, ${whole(unnamed)} rows without a file name`,
    ...(outside.count > 0
      ? [
          `          ${whole(outside.count)} lie outside the image root and are not shown${firstRows(outside)}`,
        ]
      : []),
  ];
}

function columnLines({ leftOutColumns }: Report): string[] {
  return leftOutColumns.map(
    ({ file, column, reason }) => `left out  column ${column} of ${file} (${reason})`,
  );
}

/** " (image row 322, …; text row 5)", or without the modality for one list. */
function firstRows(
  image: { count: number; first: number[] },
  text?: { count: number; first: number[] },
): string {
  const list = (side: { count: number; first: number[] }, name: string): string[] => {
    if (side.count === 0) return [];
    const shown = side.first.slice(0, 3);
    return [`${name}row ${shown.join(", ")}${side.count > shown.length ? ", …" : ""}`];
  };
  const parts = text ? [...list(image, "image "), ...list(text, "text ")] : list(image, "");
  if (parts.length === 0) return "";
  return text ? parts.join("; ") : ` (${parts.join("; ")})`;
}

function whole(value: number): string {
  return value.toLocaleString("en-US");
}

function norm(value: number | undefined): string {
  return value === undefined ? "–" : value.toPrecision(6);
}
