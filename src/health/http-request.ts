// The bytes of one HTTP/1.1 request of a health check (RFC 9112 section 3).

import type { CheckTarget, HttpRequest } from "../model/virtual-server.ts";
import { endpointName } from "../model/virtual-server.ts";

/** The request, complete. Without a virtual host the Host field names the address that is probed. */
export function encodeHttpRequest(request: HttpRequest, target: CheckTarget): Uint8Array {
  const bare = endpointName(target.address, target.port);
  const own = target.port === 80 ? bare.slice(0, -":80".length) : bare;
  const lines = [
    `GET ${cleanPath(request.path)} HTTP/1.1`,
    `Host: ${cleanField(request.virtualHost ?? own)}`,
    "User-Agent: Keelson",
    "Accept: */*",
    "Connection: close",
    "",
    "",
  ];
  const text = lines.join("\r\n");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Whatever is no visible ASCII is percent-encoded, so that a path cannot end the request line. */
function cleanPath(path: string): string {
  const rooted = path.startsWith("/") ? path : `/${path}`;
  return rooted.replace(/[^\x21-\x7e]+/g, (text) => encodeUtf8(text));
}

function encodeUtf8(text: string): string {
  // A lone surrogate has no UTF-8 and is dropped.
  return [...text]
    .map((one) => (/[\ud800-\udfff]/.test(one) && one.length === 1 ? "" : encodeURIComponent(one)))
    .join("");
}

function cleanField(value: string): string {
  return value.replace(/[^\x21-\x7e]+/g, "");
}
