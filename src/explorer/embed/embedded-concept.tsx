/** One concept without navigation, for frames of other pages: what it is, and its strongest examples. */
import "./embedded-concept.css";
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DataSource } from "../data/data-source.ts";
import { modalityWords } from "../map/modality-colours.ts";
import { failed, loading, ready, type Loadable } from "../stores/loadable.ts";
import { Meter } from "../widgets/meter.tsx";
import { ModalityBar } from "../widgets/modality-bar.tsx";
import { Notice } from "../widgets/notice.tsx";
import { percent, significant } from "../widgets/number-text.ts";
import { Picture, shortened } from "../widgets/picture.tsx";
import { explorerAddress, type EmbedAddress } from "./embed-address.ts";
import { readConcept, type ShownConcept, type ShownExample } from "./read-concept.ts";

interface EmbeddedConceptProps {
  source: DataSource;
  address: ReadonlySignal<EmbedAddress>;
}

export function EmbeddedConcept({ source, address }: EmbeddedConceptProps): JSX.Element {
  const [content, setContent] = useState<Loadable<ShownConcept>>(loading);
  const { concept, dictionary } = address.value;
  useEffect(() => {
    let current = true;
    const settle = (next: Loadable<ShownConcept>): void => {
      if (current) setContent(next);
    };
    readConcept(source, { concept, dictionary, theme: null }).then(
      (shown) => settle(ready(shown)),
      (error: unknown) => settle(failed(error)),
    );
    return () => {
      current = false;
    };
  }, [concept, dictionary]);
  useEffect(() => {
    if (content.state !== "ready") return;
    document.title = `Concept ${content.value.concept} · ${content.value.study} · Viaduct`;
  }, [content]);

  if (content.state === "failed") {
    return (
      <Notice kind="error" title="The concept cannot be shown">
        <p>{content.reason}</p>
      </Notice>
    );
  }
  if (content.state === "loading") return <main class="embedded" aria-busy="true" />;
  return <Shown shown={content.value} />;
}

function Shown({ shown }: { shown: ShownConcept }): JSX.Element {
  const { concept, dictionary, name, dead, score, active, energy, frequency, examples, maximum } = shown;
  const pictures = examples.filter(({ modality }) => modality === "image");
  const captions = examples.filter(({ modality }) => modality === "text");
  return (
    <main class="embedded">
      <header>
        <h1>
          <span class="embedded-number">Concept {concept}</span>{" "}
          <bdi class="embedded-name" dir="auto">
            {shortened(name.text, 120)}
          </bdi>
        </h1>
        {!dead && (
          <p class="embedded-facts">
            <ModalityBar score={score} active={active} wide /> {modalityWords(score, active)} · energy{" "}
            {significant(energy)} · active on {percent(frequency)} of rows
          </p>
        )}
      </header>
      {pictures.length > 0 && (
        <ul class="embedded-pictures" aria-label="Strongest pictures">
          {pictures.map((example) => (
            <li key={example.row}>
              <Picture
                item={example.item}
                address={example.picture}
                size="tile"
                whyNot={(picture, size) => picture.whyNot(size)}
              />
              <Activation example={example} maximum={maximum} tone="image" />
            </li>
          ))}
        </ul>
      )}
      {captions.length > 0 && (
        <ul class="embedded-captions" aria-label="Strongest captions">
          {captions.map((example) => (
            <li key={example.row}>
              <Activation example={example} maximum={maximum} tone="text" />
              <bdi dir="auto">{shortened(captionOf(example), 240)}</bdi>
            </li>
          ))}
        </ul>
      )}
      <footer>
        <a href={explorerAddress(concept, dictionary)} target="_blank" rel="noopener">
          Open in the explorer
        </a>
        <span>{dictionary}</span>
      </footer>
    </main>
  );
}

function captionOf({ item, row }: ShownExample): string {
  const caption = item?.caption ?? "";
  return caption.trim() === "" ? `text row ${row}, no caption in the set` : caption;
}

function Activation({
  example,
  maximum,
  tone,
}: {
  example: ShownExample;
  maximum: number;
  tone: "image" | "text";
}): JSX.Element {
  return (
    <span class="embedded-activation">
      <Meter share={example.activation / maximum} tone={tone} />
      {significant(example.activation)}
    </span>
  );
}
