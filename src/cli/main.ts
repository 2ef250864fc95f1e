// `keelson COMMAND`, except `run`: `bin/keelson` starts the daemon for that.

import { keelsonVersion } from "../api/version.ts";
import { runApply, runConfirm, runRollback } from "./apply-command.ts";
import { defaultConfigFile, exitStatus, unknownCommand } from "./command-line.ts";
import { commandPages, wantsPage } from "./command-pages.ts";
import { runReload, runStop } from "./control-commands.ts";
import { runFailover } from "./failover-command.ts";
import { commandLines, renderHelp } from "./help.ts";
import { runStatus } from "./status-command.ts";

/** Runs one command; gives the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  // Whoever reads has seen enough, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const [command, ...rest] = argv;
  const page = command === undefined ? undefined : commandPages[command];
  if (page !== undefined && wantsPage(rest)) {
    process.stdout.write(page);
    return exitStatus.ok;
  }
  switch (command) {
    case undefined:
      console.error(renderHelp());
      return exitStatus.usage;
    case "check": {
      // Asking a director needs no parser.
      const { runCheck } = await import("./check.ts");
      return runCheck(rest.length > 0 ? rest : [defaultConfigFile]);
    }
    case "fmt": {
      const { runFmt } = await import("./fmt.ts");
      return runFmt(rest);
    }
    case "config": {
      const { runConfig } = await import("./config-command.ts");
      return runConfig(rest);
    }
    case "diff": {
      const { runDiff } = await import("./diff-command.ts");
      return runDiff(rest);
    }
    case "keepalived": {
      const { runKeepalived } = await import("./keepalived.ts");
      return runKeepalived(rest);
    }
    case "ipvsadm":
    case "ipvsadm-save":
    case "ipvsadm-restore": {
      const program = await import("./ipvsadm.ts");
      if (command === "ipvsadm-save") return program.runIpvsadmSave(rest);
      if (command === "ipvsadm-restore") return program.runIpvsadmRestore(rest);
      return program.runIpvsadmCommand(rest);
    }
    case "status":
      return runStatus(rest);
    case "failover":
      return runFailover(rest);
    case "drain":
    case "undrain": {
      const { runDrain } = await import("./drain-command.ts");
      return runDrain(command, rest);
    }
    case "reload":
      return runReload(rest);
    case "apply":
      return runApply(rest);
    case "confirm":
      return runConfirm(rest);
    case "rollback":
      return runRollback(rest);
    case "stop":
      return runStop(rest);
    case "convert": {
      const { runConvert } = await import("./convert.ts");
      return runConvert(rest);
    }
    case "vrrp": {
      const { runVrrp } = await import("./vrrp-command.ts");
      return runVrrp(rest);
    }
    case "lsp": {
      const { runLsp } = await import("./lsp-command.ts");
      return runLsp(rest);
    }
    case "version":
    case "--version":
    case "-V":
      console.log(`keelson ${keelsonVersion}`);
      return exitStatus.ok;
    case "help":
    case "--help":
    case "-h":
      if (rest[0] !== undefined && rest[0] !== "help" && Object.hasOwn(commandLines, rest[0]))
        return main([rest[0], "--help"]);
      console.log(renderHelp());
      return exitStatus.ok;
    default:
      console.error(`keelson: ${unknownCommand(command, Object.keys(commandLines))}`);
      return exitStatus.usage;
  }
}
