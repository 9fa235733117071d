/** A picture that is dropped anywhere in the page is asked about, where questions are answered. */
import { useEffect } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { valueOf } from "../stores/loadable.ts";

export function usePictureDrop(): void {
  const { explorer, askedPicture } = useServices();
  const answered = (valueOf(explorer.study.value)?.questionsAnsweredBy ?? "nobody") !== "nobody";
  useEffect(() => {
    if (!answered) return undefined;
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      void askedPicture.take(file);
      if (explorer.address.peek().view !== "ask") explorer.navigate({ view: "ask", asked: "" });
    };
    document.addEventListener("dragover", over);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", drop);
    };
  }, [answered, askedPicture]);
}
