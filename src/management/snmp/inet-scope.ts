// Scopes of addresses and routes as RFC 4001 counts them.

const byNumber: Readonly<Record<number, number>> = { 0: 14, 200: 5, 253: 2, 254: 1, 255: 0 };
const byName: Readonly<Record<string, number>> = {
  global: 14,
  site: 5,
  link: 2,
  host: 1,
  nowhere: 0,
};
const globalScope = 14;

/** InetScopeType of a scope of rtnetlink, by its number or name; global when there is none. */
export function inetScope(scope: string | number | boolean | undefined): number {
  if (typeof scope === "number") return byNumber[scope] ?? globalScope;
  if (typeof scope !== "string") return globalScope;
  return byName[scope] ?? byNumber[Number(scope)] ?? globalScope;
}
