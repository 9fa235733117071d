/** The report as HTML: one file, no scripts, figures inline, light and dark. */
import type { Cell } from "../../formats/table.ts";
import type { RunRecord, StudyManifest } from "../../protocol/study.ts";
import type { FindingTable } from "./experiment.ts";
import { drawSvg } from "./figure.ts";
import { trainCommand } from "./train-command.ts";
import type { MeasuredExperiment } from "./run-experiments.ts";

/** Longer tables are shown in part; the files hold them whole. */
const mostRows = 200;

export interface ReportContent {
  readonly study: StudyManifest;
  readonly runs: readonly RunRecord[];
  readonly measured: readonly MeasuredExperiment[];
  readonly seed: number;
  readonly version: string;
}

export function reportPage({ study, runs, measured, seed, version }: ReportContent): string {
  const found = measured.flatMap(({ experiment, finding }) =>
    finding === null ? [] : [{ experiment, finding }],
  );
  const left = measured.filter(({ finding }) => finding === null);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(study.name)}: report</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(study.name)}</h1>
<p>The experiments of <a href="https://arxiv.org/abs/2504.11695">arXiv 2504.11695</a> on ${runs.length} ${
    runs.length === 1 ? "dictionary" : "dictionaries"
  } learned from ${study.set.imageRows.toLocaleString("en")} image and ${study.set.textRows.toLocaleString("en")} text embeddings of ${study.set.dimension} dimensions (model: ${escapeHtml(study.set.model ?? "not named")}; ${study.set.pairs.toLocaleString("en")} pairs).</p>
<nav aria-label="Contents"><ol>${found
    .map(({ experiment }) => `<li><a href="#${experiment.name}">${escapeHtml(experiment.title)}</a></li>`)
    .join("")}<li><a href="#runs">Runs</a></li><li><a href="#repeat">How to repeat it</a></li></ol></nav>
</header>
<main>
${found
  .map(
    ({ experiment, finding }) => `<section id="${experiment.name}">
<h2>${escapeHtml(experiment.title)}</h2>
<p class="question">${escapeHtml(experiment.question)}</p>
<figure>
<div class="light">${drawSvg(finding.figure, "light")}</div>
<div class="dark">${drawSvg(finding.figure, "dark")}</div>
<figcaption>${escapeHtml(finding.caption)} Rests on ${finding.runs} ${finding.runs === 1 ? "run" : "runs"}.</figcaption>
</figure>
<ul>${finding.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join("\n")}</ul>
${tableSection(finding, `Table (${finding.rows.length} rows)`, `paper/${experiment.name}/table.csv`)}
${finding.details === undefined ? "" : tableSection(finding.details, `${finding.details.name} (${finding.details.rows.length} rows)`, `paper/${experiment.name}/${finding.details.name}.csv`)}
</section>`,
  )
  .join("\n")}
${
  left.length === 0
    ? ""
    : `<section><h2>Not measured</h2><ul>${left.map(({ experiment, lacks }) => `<li>${escapeHtml(experiment.title)}: ${escapeHtml(lacks ?? "")}</li>`).join("")}</ul></section>`
}
<section id="runs">
<h2>Runs</h2>
${runTable(runs)}
</section>
<section id="repeat">
<h2>How to repeat it</h2>
<p>Viaduct ${escapeHtml(version)}. Data hash of the embedding set: <code>${escapeHtml(study.set.dataHash)}</code>. Samples and random baselines were drawn with seed ${seed}. The same seeds and options give the same dictionaries, byte for byte, with the same dense product (${escapeHtml([...new Set(runs.map((run) => run.engine.product))].join(", "))}).</p>
<pre>${escapeHtml([...runs.map((run) => trainCommand(run)), `viaduct report <study>${seed === 0 ? "" : ` --seed ${seed}`}`].join("\n"))}</pre>
</section>
</main>
</body>
</html>
`;
}

function tableSection(table: FindingTable, summary: string, file: string): string {
  const names = Object.keys(table.columns);
  const shown = table.rows.slice(0, mostRows);
  const rest = table.rows.length - shown.length;
  return `<details><summary>${escapeHtml(summary)}</summary>
<dl>${names.map((name) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(table.columns[name] ?? "")}</dd>`).join("")}</dl>
<div class="scroll"><table><thead><tr>${names.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("")}</tr></thead><tbody>
${shown.map((row) => `<tr>${names.map((name) => cell(row[name] ?? null)).join("")}</tr>`).join("\n")}
</tbody></table></div>
${rest > 0 ? `<p>${rest} more rows are in <code>${escapeHtml(file)}</code>.</p>` : `<p>Also in <code>${escapeHtml(file)}</code>.</p>`}
</details>`;
}

function cell(value: Cell): string {
  if (value === null) return "<td>–</td>";
  if (typeof value === "number") return `<td class="number">${escapeHtml(numberText(value))}</td>`;
  return `<td>${escapeHtml(String(value))}</td>`;
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : Number(value.toPrecision(4)).toString();
}

function runTable(runs: readonly RunRecord[]): string {
  const rows = runs.map((run) => ({
    name: run.name,
    learner: run.learner,
    r2: run.metrics.all.r2,
    activePerSample: run.metrics.all.activePerSample,
    deadFraction: run.metrics.all.deadFraction,
    seconds: run.seconds,
    engine: `${run.engine.product}, ${run.engine.threads} threads`,
    configuration: JSON.stringify(run.config),
  }));
  const columns = {
    name: "dictionary of the study",
    learner: "method",
    r2: "share of variance explained, all rows",
    activePerSample: "mean active concepts per row (L0), all rows",
    deadFraction: "share of concepts never active",
    seconds: "time of training in seconds",
    engine: "dense product and threads",
    configuration: "every option as it was resolved",
  };
  return tableSection(
    { rows, columns },
    `${runs.length} runs with their configuration`,
    "dictionaries/<name>/run.json",
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #59636e; --paper: #ffffff; --line: #d1d9e0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --faint: #9198a1; --paper: #14171a; --line: #3d444d; } }
body { margin: 0 auto; max-width: 54rem; padding: 2rem 1rem 4rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.8rem; margin: 0 0 .5rem; overflow-wrap: anywhere; } h2 { font-size: 1.3rem; margin: 3rem 0 .25rem; }
.question, figcaption, dd { color: var(--faint); } figure { margin: 1rem 0; } figcaption { font-size: .875rem; }
svg { max-width: 100%; height: auto; } .dark { display: none; }
@media (prefers-color-scheme: dark) { .light { display: none; } .dark { display: block; } }
@media print { .light { display: block; } .dark { display: none; } details { display: none; } section { break-inside: avoid; } }
table { border-collapse: collapse; font-size: .8125rem; } th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem; font-size: .8125rem; } dd { margin: 0; }
details { margin: .75rem 0; } summary { cursor: pointer; } pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); font-size: .8125rem; } code { overflow-wrap: anywhere; }
nav ol { padding-left: 1.25rem; } a { color: inherit; }
`;
