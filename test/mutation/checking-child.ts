// Checks one file as `keelson check` does, in a process of its own, and says at the end how much memory that took.

import { main } from "../../src/cli/main.ts";

const [file = ""] = process.argv.slice(2);
process.exitCode = await main(["check", "--format", "short", file]);
process.on("exit", () => process.stderr.write(`memory ${process.resourceUsage().maxRSS} KB\n`));
