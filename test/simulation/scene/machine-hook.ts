// A hook of Node's module loader: whoever imports the machine gets `watched-step.ts`, which imports
// the real one. So the engine under test is the daemon's, file for file.

interface Resolved {
  readonly url: string;
}

const WATCHED = new Map([
  ["/src/vrrp/step.js", "./watched-step.js"],
  ["/src/vrrp/validate-advert.js", "./watched-validation.js"],
]);

/** Called by Node for each import. */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: (specifier: string, context: object) => Promise<Resolved>,
): Promise<Resolved> {
  const resolved = await next(specifier, context);
  for (const [path, stand] of WATCHED) {
    if (!resolved.url.endsWith(path)) continue;
    const watched = new URL(stand, import.meta.url).href;
    return context.parentURL === watched ? resolved : { ...resolved, url: watched };
  }
  return resolved;
}
