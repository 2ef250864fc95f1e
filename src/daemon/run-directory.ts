// The directory of one director's sockets: made when missing, and taken by one director only.

import { chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fail, ok, type Result } from "../base/result.ts";
import { byHandPath } from "../linux/by-hand.ts";

/** The files of a run directory. */
export interface RunDirectory {
  readonly path: string;
  readonly controlSocket: string;
  readonly vrrpSocket: string;
  readonly vrrpLog: string;
  /** Notifications that are not finished. */
  readonly notifications: string;
  /** Names of this director's services in the kernel's IPVS. */
  readonly ownServices: string;
  /** Services that were added by hand. */
  readonly byHand: string;
  /** Real servers that are being taken out. */
  readonly drains: string;
}

export interface RunDirectoryFault {
  readonly kind: "taken" | "not-usable";
  readonly text: string;
}

/** Makes the directory (0700) and removes the control socket of a director that is gone. */
export async function claimRunDirectory(
  path: string,
): Promise<Result<RunDirectory, RunDirectoryFault>> {
  const directory: RunDirectory = {
    path,
    controlSocket: join(path, "control.sock"),
    vrrpSocket: join(path, "vrrp.sock"),
    vrrpLog: join(path, "vrrp.log"),
    notifications: join(path, "notifications.journal"),
    ownServices: join(path, "ipvs-services"),
    byHand: byHandPath(path),
    drains: join(path, "drains.json"),
  };
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // Sockets in a directory that others can write to could be theirs.
    if ((statSync(path).mode & 0o777) !== 0o700) chmodSync(path, 0o700);
    if (await isListening(directory.controlSocket)) {
      const text = `another director runs with ${path}; \`keelson status --run-dir ${path}\` shows it`;
      return fail({ kind: "taken", text });
    }
    rmSync(directory.controlSocket, { force: true });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return fail({ kind: "not-usable", text: `cannot use ${path}: ${text}` });
  }
  return ok(directory);
}

/** Whether a process answers at a UNIX socket; a file without one does not count. */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
