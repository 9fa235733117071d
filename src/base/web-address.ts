/** True for files that are fetched from the web rather than found in a folder: the one rule for import, server and page. */
export function isWebAddress(file: string): boolean {
  return /^(https?|s3|gs|data):/i.test(file);
}
