/** A sentence, a picture, or both: the concepts that they activate, what is nearest, and why they are alike. */
import "./ask-view.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProgressReport } from "../../../base/progress.ts";
import type { Answer } from "../../../protocol/query.ts";
import { useServices } from "../../explorer-context.ts";
import { failed, loading, ready, valueOf, type Loadable } from "../../stores/loadable.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { counted } from "../../widgets/number-text.ts";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import type { ViewProps } from "../view.ts";
import { AnsweredSide } from "./answered-side.tsx";
import { AskedPicture } from "./asked-picture.tsx";
import { ExplainedPair } from "./explained-pair.tsx";
import { FetchedSoFar } from "./fetched-so-far.tsx";

/** "The sentence: 12 active concepts. …" */
function spoken({ text, image }: Answer): string {
  const sides = [
    ["The sentence", text],
    ["The picture", image],
  ] as const;
  return sides
    .flatMap(([name, side]) =>
      side === null ? [] : [`${name}: ${counted(side.concepts.length, "active concept")}.`],
    )
    .join(" ");
}

export function AskView({ opened }: ViewProps): JSX.Element {
  const { explorer, ask, askedPicture, announcer } = useServices();
  const { asked } = explorer.address.value;
  const study = valueOf(explorer.study.value);
  const dictionary = opened?.summary.name ?? null;
  const [text, setText] = useState(asked);
  const picture = askedPicture.picture.value;
  const [answer, setAnswer] = useState<Loadable<Answer> | null>(null);
  const [fetching, setFetching] = useState<ProgressReport | null>(null);
  /** Asking the same again asks again: what failed may work by now. */
  const [times, setTimes] = useState(0);
  const latest = useRef(0);
  const answeredBy = study?.questionsAnsweredBy ?? "nobody";
  const answers = answeredBy !== "nobody";
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    const turn = ++latest.current;
    const still = (): boolean => latest.current === turn;
    setFetching(null);
    const words = asked.trim();
    if (!answers || dictionary === null || (words === "" && picture === null)) {
      setAnswer(null);
      return;
    }
    setAnswer(loading);
    ask(
      {
        dictionary,
        ...(words === "" ? {} : { text: words }),
        ...(picture === null ? {} : { image: { base64: picture.base64 } }),
      },
      (report) => still() && setFetching(report),
    ).then(
      (given) => {
        if (!still()) return;
        setAnswer(ready(given));
        announcer.say(spoken(given));
      },
      (error: unknown) => still() && setAnswer(failed(error)),
    );
  }, [asked, picture, dictionary, answers, times]);
  const submit = (): void => {
    setTimes(times + 1);
    explorer.navigate({ asked: text.trim() });
  };

  if (study !== null && !answers) {
    return (
      <Notice title="Questions need the model">
        <p>
          This page was exported without the model that made its embeddings, so it cannot tell what a sentence
          or a picture of yours activates. Export the study with it, or open it on your machine:
        </p>
        <p class="ask-commands">
          <code>viaduct export &lt;study&gt; --to site --queries --out &lt;folder&gt;</code>
          <code>viaduct explore &lt;study&gt;</code>
        </p>
      </Notice>
    );
  }
  const given = answer === null ? null : valueOf(answer);
  return (
    <div class="ask-view">
      <form
        class="ask-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label class="ask-words">
          <span>A sentence</span>
          <textarea
            rows={2}
            value={text}
            placeholder="three red fish in a meadow"
            dir="auto"
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              // Enter also ends what an input method composes.
              if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              submit();
            }}
          />
        </label>
        <AskedPicture />
        <button type="submit" class="button ask-button">
          Ask
        </button>
      </form>
      {answer === null ? (
        <Notice title="Ask about anything">
          <p>
            Type a sentence, drop a picture, or both. {study?.set.model ?? "The set's model"}{" "}
            {answeredBy === "page"
              ? "is loaded with the first question and embeds them in this page; what you ask stays here."
              : "embeds them on the machine that serves this page."}{" "}
            You see the concepts they light up and what in the set is nearest.
          </p>
        </Notice>
      ) : (
        <div class="ask-answers" aria-busy={answer.state === "loading"}>
          <Failure content={answer} />
          {answer.state === "loading" && fetching !== null && <FetchedSoFar {...fetching} />}
          {answer.state === "loading" && <SkeletonRows count={8} height={44} />}
          {given !== null && opened !== null && (
            <>
              {given.explanation !== null && (
                <ExplainedPair explanation={given.explanation} opened={opened} />
              )}
              {given.text !== null && (
                <AnsweredSide title="The sentence" answer={given.text} opened={opened} />
              )}
              {given.image !== null && (
                <AnsweredSide title="The picture" answer={given.image} opened={opened} />
              )}
            </>
          )}
        </div>
      )}
    </div>
  );
}
