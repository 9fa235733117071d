/** What the concept is called, and the form to call it something else. */
import "./concept-title.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { longestName } from "../../../protocol/concept-name.ts";
import { isDead } from "../../data/concept-columns.ts";
import { useServices } from "../../explorer-context.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import { conceptName } from "../../stores/concept-name.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Icon } from "../../widgets/icon.tsx";
import { shortened } from "../../widgets/picture.tsx";
import { saveFile } from "../../widgets/save-file.ts";
import { Skeleton } from "../../widgets/skeleton.tsx";

interface ConceptTitleProps {
  opened: OpenDictionary;
  concept: number;
}

export function ConceptTitle({ opened, concept }: ConceptTitleProps): JSX.Element {
  const { labels, tables } = opened;
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => setEditing(false), [opened, concept]);
  useShortcuts("Concept", [{ keys: ["n"], does: "name it", run: () => setEditing(true) }]);
  const dead = isDead(tables.concepts, concept);
  const name = conceptName(dead ? undefined : labels.get(concept), dead, labels.givenName(concept));
  if (editing) {
    return (
      <NameForm
        opened={opened}
        concept={concept}
        shown={name.text}
        onDone={() => {
          setEditing(false);
          requestAnimationFrame(() => button.current?.focus());
        }}
      />
    );
  }
  return (
    <span class={name.text === "" ? "concept-title concept-title-arriving" : "concept-title"}>
      {name.text === "" && <Skeleton width="220px" />}
      <span class={`concept-name concept-text-${name.from}`} dir="auto" title={shortened(name.text, 600)}>
        {shortened(name.text, 120)}
      </span>
      <button
        ref={button}
        type="button"
        class="quiet-button"
        aria-label="Name this concept"
        title="Name this concept ( n )"
        onClick={() => setEditing(true)}
      >
        <Icon name="pencil" />
      </button>
    </span>
  );
}

interface NameFormProps extends ConceptTitleProps {
  shown: string;
  onDone: () => void;
}

function NameForm({ opened, concept, shown, onDone }: NameFormProps): JSX.Element {
  const { announcer } = useServices();
  const { names } = opened.labels;
  const box = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const given = names.givenBy(concept);
  useEffect(() => box.current?.select(), []);
  const keep = (name: string): void => {
    names.rename(concept, name).then(
      () => {
        announcer.say(name.trim() === "" ? "Name taken away" : "Name kept");
        onDone();
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        keep(box.current!.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onDone();
      }}
    >
      <input
        ref={box}
        type="text"
        aria-label={`Name of concept ${concept}`}
        dir="auto"
        defaultValue={names.nameOf(concept) ?? ""}
        placeholder={shortened(shown, 60)}
        maxLength={longestName}
      />
      <button type="submit" class="button">
        Keep
      </button>
      <button type="button" class="button" onClick={onDone}>
        Cancel
      </button>
      {given !== null && (
        <button type="button" class="link-button" onClick={() => keep("")}>
          take the name away
        </button>
      )}
      {names.where === "browser" && (
        <p class="name-where">
          Kept in this browser only.{" "}
          <button
            type="button"
            class="link-button"
            onClick={() =>
              saveFile(
                `${opened.summary.name}-names.json`,
                `${JSON.stringify(names.given(), undefined, 2)}\n`,
                "application/json",
              )
            }
          >
            Download all names as JSON
          </button>
        </p>
      )}
      {problem !== null && <p role="alert">{problem}</p>}
    </form>
  );
}
