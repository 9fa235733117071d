import type { Command } from "commander";
import type { QueryAnswer } from "../../protocol/query.ts";
import { encoderChoice, withEncoderOptions, type EncoderOptions } from "../encoder-options.ts";
import { onEngine, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { figure, print, printJson, shortened, table } from "../output.ts";
import { watch } from "../terminal.ts";

interface QueryVerbOptions extends EngineOptions, EncoderOptions {
  readonly text?: string;
  readonly image?: string;
  readonly dictionary?: string;
  readonly nearest: number;
  readonly json?: boolean;
}

export function queryVerb(program: Command): void {
  const command = program
    .command("query")
    .summary("the concepts of a text or picture, and what is nearest to it")
    .description(
      "Gives the concepts that a text or picture activates, with their share, and the nearest items of the set. What is no row of the set is embedded by the model that made it.",
    )
    .argument("<study>", "folder of a study")
    .option("--text <text>", "words, a caption of the set, or the number of a text row")
    .option(
      "--image <file>",
      "a picture file, an image of the set by its file, or the number of an image row",
    )
    .option("--dictionary <name>", "which dictionary (default: the study's only one)")
    .option("--nearest <n>", "nearest items of each modality", wholeNumber("--nearest"), 5);
  withEncoderOptions(command).option("--json", "print all of it as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", '\nExample:\n  viaduct query my-study --text "two dogs in the snow"')
    .action(async (study: string, options: QueryVerbOptions) => {
      const { answerQuery } = await import("../../pipeline/query/with-encoder.ts");
      const line = watch();
      const { text, image, dictionary, nearest } = options;
      const answer = await interruptible((signal) =>
        onEngine(options, (backend) =>
          answerQuery(
            {
              study,
              nearest,
              ...(text === undefined ? {} : { text }),
              ...(image === undefined ? {} : { image }),
              ...(dictionary === undefined ? {} : { dictionary }),
            },
            encoderChoice(options),
            { backend, progress: line.progress, signal },
          ),
        ),
      ).finally(() => line.stop());
      if (options.json) printJson(answer);
      else print(answerText(answer));
    });
}

const wordsShown = 64;

function answerText({ query, dictionary, concepts, reconstructionCosine, nearest }: QueryAnswer): string {
  const what = query.modality === "image" ? "Picture" : "Text";
  const whence = query.row === null ? "" : ` (${query.modality} row ${query.row} of the set)`;
  const lines = [
    `${what} ${JSON.stringify(query.words)}${whence}`,
    `${concepts.length} active concepts of ${dictionary}; cosine with their reconstruction ${figure.fixed(reconstructionCosine, 3)}`,
    "",
    table(
      ["concept", "share", "activation", "words"],
      concepts.map((one) => [
        one.concept,
        figure.percent(one.share),
        figure.fixed(one.activation),
        shortened(one.words ?? "", wordsShown),
      ]),
    ),
  ];
  for (const modality of ["image", "text"] as const) {
    if (nearest === null || nearest[modality].length === 0) continue;
    lines.push(
      "",
      table(
        [
          modality === "image" ? "nearest image" : "nearest text",
          "cosine",
          modality === "image" ? "file" : "caption",
        ],
        nearest[modality].map(({ row, cosine, file, caption }) => [
          row,
          figure.fixed(cosine, 3),
          shortened((modality === "image" ? (file ?? caption) : (caption ?? file)) ?? "", wordsShown),
        ]),
      ),
    );
  }
  lines.push("", "share: of the reconstruction's squared length; the shares add up to 100 %.");
  return lines.join("\n");
}
