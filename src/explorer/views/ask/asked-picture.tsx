/** Where a picture is dropped, pasted or chosen. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";

export function AskedPicture(): JSX.Element {
  const { askedPicture } = useServices();
  const picture = askedPicture.picture.value;
  const problem = askedPicture.problem.value;
  const [over, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const take = (given: File | undefined): void => {
    if (given !== undefined) void askedPicture.take(given);
  };
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => take(event.clipboardData?.files[0]);
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);
  return (
    <div
      class={over ? "ask-picture ask-picture-over" : "ask-picture"}
      // The page takes what is dropped (frame/use-picture-drop.ts).
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
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
          <button type="button" class="link-button" onClick={() => askedPicture.clear()}>
            take it away
          </button>
        </>
      )}
      {problem !== null && <p role="alert">{problem}</p>}
    </div>
  );
}
