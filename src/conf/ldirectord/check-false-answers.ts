// Checks whose answer is wrong whatever the server does: always up, or always down.

import type { ReportFinding } from "./check-ldirectord.ts";
import { settingOf, settingValue } from "./configuration.ts";
import type { ServiceName } from "./services.ts";
import type { VirtualWish } from "./wishes.ts";

const sqlServices: ReadonlySet<ServiceName> = new Set<ServiceName>(["mysql", "pgsql", "oracle"]);

/** Says where a check would not tell a living server from a dead one. */
export function checkFalseAnswers(wish: VirtualWish, report: ReportFinding): void {
  const { checkType, section } = wish;
  if (checkType.kind === "external") checkCommand(wish, report);
  if (checkType.kind !== "negotiate" && checkType.kind !== "combined") return;
  if (!section.settings.some(({ name }) => name === "real" || name === "real6")) return;
  checkNone(wish, report);
  checkAlwaysUp(wish, report);
  checkAlwaysDown(wish, report);
}

/** The whole value is the path of a program for ldirectord. */
function checkCommand(wish: VirtualWish, report: ReportFinding): void {
  const setting = settingOf(wish.section.settings, "checkcommand");
  const [program, ...words] = (setting?.value ?? "").trim().split(/\s+/);
  if (setting === undefined || words.length === 0) return;
  report(setting.span, "D25", {
    severity: "warning",
    message: "ldirectord takes the arguments for a part of the program's name",
    effect: `there is no such program, and all servers are down; Keelson calls \`${program}\` with them`,
    fix: "put the arguments into a script",
  });
}

function checkNone(wish: VirtualWish, report: ReportFinding): void {
  if (wish.service !== "none" || wish.unknownService) return;
  const written = settingOf(wish.section.settings, "service");
  const type = settingOf(wish.section.settings, "checktype");
  report((written ?? type)?.span ?? wish.section.span, "D22", {
    severity: "warning",
    message: "the real servers are never checked",
    ...(written === undefined
      ? { label: "no `service`, and the port belongs to none" }
      : { label: "`negotiate` with `none` asks nothing" }),
    effect: "they count as up, and get clients even when they are dead",
    fix: "write `checktype=connect`, or the `service`",
  });
}

function checkAlwaysUp(wish: VirtualWish, report: ReportFinding): void {
  const { settings, span } = wish.section;
  const service = settingOf(settings, "service");
  const pop = wish.service === "pop" || wish.service === "pops";
  if (pop && settingValue(settings, "login") === undefined)
    report(service?.span ?? span, "D23", {
      severity: "warning",
      message: `ldirectord never finds a ${wish.service} server down without \`login\``,
      effect: "it counts as up even when nobody listens; Keelson tries a connection",
      fix: "add `login` and `passwd`, or write `checktype=connect`",
    });
  const receive = settingValue(settings, "receive") ?? "";
  if (wish.service === "ftp" && receive === "")
    report(service?.span ?? span, "D23", {
      severity: "warning",
      message: "ldirectord never finds an ftp server down without `receive`",
      effect: "it counts as up even when nobody listens; Keelson tries a connection",
      fix: "add `request` and `receive`, or write `checktype=connect`",
    });
}

function checkAlwaysDown(wish: VirtualWish, report: ReportFinding): void {
  const { settings, span } = wish.section;
  const service = settingOf(settings, "service");
  const ownAnswers = settings.some(
    ({ name, value }) =>
      (name === "real" || name === "real6") && value?.receive !== undefined && value.receive !== "",
  );
  if (wish.service === "dns" && settingValue(settings, "receive") === undefined && !ownAnswers)
    report(service?.span ?? span, "D24", {
      severity: "warning",
      message: "ldirectord never finds a dns server up without `receive`",
      effect: "no server gets clients; Keelson takes every answer without an error",
      fix: 'add `receive="ADDRESS"`',
    });
  if (!sqlServices.has(wish.service)) return;
  const absent = (["login", "request"] as const).filter(
    (name) => settingValue(settings, name) === undefined,
  );
  if (absent.length > 0)
    report(service?.span ?? span, "D24", {
      severity: "warning",
      message: `ldirectord never finds a ${wish.service} server up without ${absent.map((name) => `\`${name}\``).join(" and ")}`,
      effect: "no server gets clients; Keelson tries a connection",
      fix: "add what is missing, or write `checktype=connect`",
    });
}
