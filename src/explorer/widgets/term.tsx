/** A word with its definition one click away. */
import "./term.css";
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { definitions, type Definition, type DefinitionKey } from "./definitions.ts";

const shown = signal<{ key: DefinitionKey; from: HTMLElement } | null>(null);

export function Term({ of, children }: { of: DefinitionKey; children: ComponentChildren }): JSX.Element {
  const open = shown.value?.key === of;
  return (
    <button
      type="button"
      class="term"
      aria-expanded={open}
      title={`What is this? ${definitions[of].name}`}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const from = event.currentTarget;
        shown.value = shown.value?.from === from ? null : { key: of, from };
      }}
    >
      {children}
    </button>
  );
}

/** The one place where definitions appear; put it last in the page. */
export function DefinitionPopover({ onMore }: { onMore: () => void }): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  const current = shown.value;

  useEffect(() => {
    if (current === null) return;
    place(box.current!, current.from);
    const close = (event: Event) => {
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        event.stopImmediatePropagation();
        current.from.focus();
      } else if (
        event.target instanceof Node &&
        (box.current?.contains(event.target) || current.from.contains(event.target))
      ) {
        return;
      }
      shown.value = null;
    };
    document.addEventListener("keydown", close, true);
    document.addEventListener("pointerdown", close);
    window.addEventListener("hashchange", close);
    document.addEventListener("scroll", close, true);
    return () => {
      document.removeEventListener("keydown", close, true);
      document.removeEventListener("pointerdown", close);
      window.removeEventListener("hashchange", close);
      document.removeEventListener("scroll", close, true);
    };
  }, [current]);

  if (current === null) return null;
  const definition: Definition = definitions[current.key];
  return (
    <div class="definition" role="note" ref={box}>
      <strong>{definition.name}</strong>
      <p>{definition.text}</p>
      {definition.formula !== undefined && <code>{definition.formula}</code>}
      <button
        type="button"
        class="link-button definition-more"
        onClick={() => {
          shown.value = null;
          onMore();
        }}
      >
        all words and numbers
      </button>
    </div>
  );
}

function place(box: HTMLElement, from: HTMLElement): void {
  const anchor = from.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, anchor.left - 8), window.innerWidth - width - 8);
  const below = anchor.bottom + 6;
  const top = below + height > window.innerHeight - 8 ? Math.max(8, anchor.top - height - 6) : below;
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}
