/** The keys that hold now, and what every number means: opened with `?`. */
import "./help.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { definitions, type Definition } from "../widgets/definitions.ts";
import { Icon } from "../widgets/icon.tsx";
import { Key } from "../widgets/key.tsx";

export type HelpPage = "keys" | "words";

export function Help(): JSX.Element | null {
  const { help } = useServices();
  const page = help.value;
  const box = useRef<HTMLDialogElement>(null);
  const open = page !== null;
  useEffect(() => {
    if (open) box.current?.showModal();
  }, [open]);
  if (page === null) return null;
  return (
    <dialog
      ref={box}
      class="help"
      aria-label="Help"
      onClose={() => (help.value = null)}
      onClick={(event) => event.target === box.current && box.current?.close()}
      onKeyDown={(event) => event.key === "?" && !isTyping(event.target) && box.current?.close()}
    >
      <div class="help-content">
        <header>
          <div class="choice" role="group" aria-label="Help about">
            <button type="button" aria-pressed={page === "keys"} onClick={() => (help.value = "keys")}>
              Keys
            </button>
            <button type="button" aria-pressed={page === "words"} onClick={() => (help.value = "words")}>
              Words and numbers
            </button>
          </div>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => box.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {page === "keys" ? <Keys /> : <Words />}
      </div>
    </dialog>
  );
}

function Keys(): JSX.Element {
  const { shortcuts } = useServices();
  return (
    <div class="help-keys">
      {shortcuts.groups.value.map(({ title, shortcuts }) => (
        <section key={title}>
          <h2>{title}</h2>
          <dl>
            {shortcuts.map(({ keys, does }) => (
              <div key={does}>
                <dt>
                  {keys.map((key, i) => (
                    <>
                      {i > 0 && " or "}
                      <Key name={key} />
                    </>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

const all: readonly Definition[] = Object.values(definitions).toSorted((a, b) =>
  a.name.localeCompare(b.name, "en"),
);

function Words(): JSX.Element {
  const [text, setText] = useState("");
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter((one) => {
    const inIt = `${one.name} ${one.text} ${one.formula ?? ""}`.toLowerCase();
    return words.every((word) => inIt.includes(word));
  });
  return (
    <div class="help-words">
      <input
        type="search"
        placeholder="Filter"
        aria-label="Filter the words"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <dl>
        {shown.map((one) => (
          <div key={one.name}>
            <dt>{one.name}</dt>
            <dd>
              {one.text}
              {one.formula !== undefined && <code>{one.formula}</code>}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length === 0 && <p class="nothing">No word or number of that name.</p>}
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement;
}
