/** Where a picture is dropped, pasted or chosen. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface ChosenPicture {
  name: string;
  base64: string;
  /** For showing it here. */
  address: string;
}

/** Bytes; the server takes no more. */
const largest = 36e6;

interface AskedPictureProps {
  picture: ChosenPicture | null;
  onChoose: (picture: ChosenPicture | null) => void;
}

export function AskedPicture({ picture, onChoose }: AskedPictureProps): JSX.Element {
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const take = (given: File | null | undefined): void => {
    if (given === null || given === undefined) return;
    if (given.size > largest) {
      setProblem(`${given.name} has ${Math.round(given.size / 1e6)} MB; at most 36 MB can be asked about`);
      return;
    }
    setProblem(null);
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const data = reader.result as string;
      // The page's content policy shows no data: addresses.
      const address = URL.createObjectURL(given);
      onChoose({ name: given.name, base64: data.slice(data.indexOf(",") + 1), address });
    });
    reader.addEventListener("error", () => setProblem(`${given.name} could not be read`));
    reader.readAsDataURL(given);
  };
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => take(event.clipboardData?.files[0]);
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);
  useEffect(() => () => URL.revokeObjectURL(picture?.address ?? ""), [picture]);
  return (
    <div
      class={over ? "ask-picture ask-picture-over" : "ask-picture"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      <input
        ref={file}
        type="file"
        accept="image/*"
        class="visually-hidden"
        aria-label="A picture to ask about"
        tabIndex={-1}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
      {picture === null ? (
        <button type="button" class="ask-drop" onClick={() => file.current?.click()}>
          Drop, paste or choose a picture
        </button>
      ) : (
        <>
          <img src={picture.address} alt={picture.name} />
          <button type="button" class="link-button" onClick={() => onChoose(null)}>
            take it away
          </button>
        </>
      )}
      {problem !== null && <p role="alert">{problem}</p>}
    </div>
  );
}
