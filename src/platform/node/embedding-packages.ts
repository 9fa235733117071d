/** The optional packages that embedding needs, asked for before any work is done and with one command for both. */
import { ViaductError } from "../../base/errors.ts";

const packages = [
  ["onnxruntime-node", (): Promise<unknown> => import("onnxruntime-node")],
  ["sharp", (): Promise<unknown> => import("sharp")],
] as const;

/** Throws `missing-part` where one of them is not there or does not load. */
export async function requireEmbeddingPackages(): Promise<void> {
  const absent: string[] = [];
  const broken: string[] = [];
  for (const [name, load] of packages) {
    try {
      await load();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ERR_MODULE_NOT_FOUND") absent.push(name);
      else
        broken.push(`${name} does not load here (${message.replaceAll(/\s+/g, " ").trim().slice(0, 200)})`);
    }
  }
  if (absent.length + broken.length === 0) return;
  const found = [
    ...(absent.length === 0
      ? []
      : [
          `${absent.join(" and ")} ${absent.length === 1 ? "is" : "are"} not installed, as ${absent.length === 1 ? "it is" : "they are"} optional`,
        ]),
    ...broken,
  ];
  throw new ViaductError(
    "missing-part",
    `embedding pictures needs onnxruntime-node and sharp; ${found.join("; ")}; run: npm install onnxruntime-node sharp`,
  );
}
