/** What the operating system refused, in words: a full disk is no fault of Viaduct, and says what to do. */
const reasons: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  ENOSPC: ["the disk is full", "free some space and run the same command again"],
  EDQUOT: ["the disk quota is used up", "free some space and run the same command again"],
  EROFS: ["the file system can only be read", "choose a folder that can be written"],
  EACCES: ["permission is denied", "choose another place, or change its permissions"],
  EPERM: ["permission is denied", "choose another place, or change its permissions"],
  EMFILE: ["too many files are open", "raise the limit (ulimit -n) and run the same command again"],
  ENFILE: ["too many files are open", "close other programs and run the same command again"],
  EIO: ["the disk reports an error", "check the disk"],
};

/** One line, or undefined where the error is not one of these. */
export function systemErrorLine(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : reasons[code];
  if (reason === undefined || code === undefined) return undefined;
  const [found, remedy] = reason;
  const where = path === undefined ? "" : `${path}: `;
  return `${where}${found} (${syscall === undefined ? code : `${code} at ${syscall}`}); ${remedy}`;
}
