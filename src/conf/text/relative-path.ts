// Paths as reviewers of a repository know them.

/** The path from `root` (with `/` at its end) on, where it lies below it; else as it is. */
export function relativePath(path: string, root: string | undefined): string {
  const plain = path.startsWith("./") ? path.slice(2) : path;
  return root !== undefined && plain.startsWith(root) ? plain.slice(root.length) : plain;
}
