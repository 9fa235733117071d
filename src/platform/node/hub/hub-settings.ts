/**
 * Where the hub is and where its files are kept, read from the environment as huggingface_hub does,
 * so that Python and Viaduct share one cache.
 * Source: huggingface_hub/constants.py.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { readFile } from "node:fs/promises";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface HubSettings {
  /** Address of the hub without a final slash. */
  readonly endpoint: string;
  /** Folder of the cache: models--<owner>--<name> lie in it. */
  readonly cache: string;
  /** True where HF_HUB_OFFLINE forbids requests. */
  readonly offline: boolean;
  /** The user's token, from HF_TOKEN or the file that `hf auth login` writes. */
  token(): Promise<string | undefined>;
}

export function hubSettings(environment: Environment = process.env): HubSettings {
  const get = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const folder = (path: string): string => expanded(path, environment);
  const home = folder(get("HF_HOME") ?? join(get("XDG_CACHE_HOME") ?? "~/.cache", "huggingface"));
  return {
    endpoint: (get("HF_ENDPOINT") ?? defaultEndpoint).replace(/\/+$/, ""),
    cache: folder(get("HF_HUB_CACHE") ?? get("HUGGINGFACE_HUB_CACHE") ?? join(home, "hub")),
    offline: isTrue(get("HF_HUB_OFFLINE") ?? get("TRANSFORMERS_OFFLINE")),
    async token() {
      const given = get("HF_TOKEN") ?? get("HUGGING_FACE_HUB_TOKEN");
      if (given !== undefined) return given;
      return readFile(folder(get("HF_TOKEN_PATH") ?? join(home, "token")), "utf8").then(
        (text) => text.trim() || undefined,
        () => undefined,
      );
    },
  };
}

const defaultEndpoint = "https://huggingface.co";

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ["1", "on", "yes", "true"].includes(value.toLowerCase());
}

/** `~` and `$NAME` as Python's expanduser and expandvars replace them. */
function expanded(path: string, environment: Environment): string {
  const home = environment["HOME"] ?? environment["USERPROFILE"] ?? homedir();
  return path
    .replace(/^~(?=$|[/\\])/, () => home)
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
      return environment[bare ?? braced ?? ""] ?? whole;
    });
}
