// A hook of Node's module loader: whoever imports the machine gets `watched-step.ts`, which imports
// the real one. So the engine under test is the daemon's, file for file.

interface Resolved {
  readonly url: string;
}

/** Called by Node for each import. */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: (specifier: string, context: object) => Promise<Resolved>,
): Promise<Resolved> {
  const resolved = await next(specifier, context);
  const watched = new URL("./watched-step.js", import.meta.url).href;
  if (!resolved.url.endsWith("/src/vrrp/step.js") || context.parentURL === watched) return resolved;
  return { ...resolved, url: watched };
}
