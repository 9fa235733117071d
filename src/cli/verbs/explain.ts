import type { Command } from "commander";
import type { Explanation } from "../../protocol/query.ts";
import { encoderChoice, withEncoderOptions, type EncoderOptions } from "../encoder-options.ts";
import { onEngine, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { figure, print, printJson, shortened, table } from "../output.ts";
import { watch } from "../terminal.ts";

interface ExplainVerbOptions extends EngineOptions, EncoderOptions {
  readonly text: string;
  readonly image: string;
  readonly dictionary?: string;
  readonly terms: number;
  readonly json?: boolean;
}

export function explainVerb(program: Command): void {
  const command = program
    .command("explain")
    .summary("why a picture and a text are alike")
    .description(
      "Splits the similarity of a picture and a text into concepts that they share, bridges between different concepts, and what the dictionary leaves.",
    )
    .argument("<study>", "folder of a study")
    .requiredOption(
      "--image <file>",
      "a picture file, an image of the set by its file, or the number of an image row",
    )
    .requiredOption("--text <text>", "words, a caption of the set, or the number of a text row")
    .option("--dictionary <name>", "which dictionary (default: the study's only one)")
    .option(
      "--terms <n>",
      "terms to list, largest first; --json has all of them",
      wholeNumber("--terms"),
      12,
    );
  withEncoderOptions(command).option("--json", "print all of it as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", '\nExample:\n  viaduct explain my-study --image 12 --text "two dogs in the snow"')
    .action(async (study: string, options: ExplainVerbOptions) => {
      const { answerExplain } = await import("../../pipeline/query/with-encoder.ts");
      const line = watch();
      const { text, image, dictionary } = options;
      const answer = await interruptible((signal) =>
        onEngine(options, (backend) =>
          answerExplain(
            { study, image, text, ...(dictionary === undefined ? {} : { dictionary }) },
            encoderChoice(options),
            { backend, progress: line.progress, signal },
          ),
        ),
      ).finally(() => line.stop());
      if (options.json) printJson(answer);
      else print(explanationText(answer, options.terms));
    });
}

const wordsShown = 34;

function explanationText(answer: Explanation, shown: number): string {
  const { image, text, similarity, shared, bridges, remainder, terms } = answer;
  const whence = (row: number | null, modality: string): string =>
    row === null ? "" : ` (${modality} row ${row} of the set)`;
  const part = (value: number): string => figure.percent(similarity === 0 ? null : value / similarity);
  return [
    `Picture ${JSON.stringify(image.words)}${whence(image.row, "image")}`,
    `Text    ${JSON.stringify(text.words)}${whence(text.row, "text")}`,
    "",
    table(
      ["similarity", figure.fixed(similarity), ""],
      [
        ["shared concepts", figure.fixed(shared), part(shared)],
        ["bridges", figure.fixed(bridges), part(bridges)],
        ["remainder", figure.fixed(remainder), part(remainder)],
      ],
    ),
    "",
    table(
      ["term", "value", "image concept", "", "text concept", ""],
      terms
        .slice(0, shown)
        .map((term) => [
          term.kind,
          figure.fixed(term.value),
          term.imageConcept,
          shortened(term.imageWords ?? "", wordsShown),
          ...(term.kind === "shared"
            ? ["", ""]
            : [term.textConcept, shortened(term.textWords ?? "", wordsShown)]),
        ]),
    ),
    ...(terms.length > shown
      ? [`… ${figure.count(terms.length - shown)} smaller terms (--terms, --json)`]
      : []),
    "",
    "Similarity: inner product of the two embeddings. Shared and bridges: Σ z_i·z_j·⟨D_i, D_j⟩ over the",
    "same and over different concepts. Remainder: decoder biases and what the dictionary leaves.",
  ].join("\n");
}
