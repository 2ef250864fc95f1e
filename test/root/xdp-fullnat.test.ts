// FULLNAT with real sockets: real servers that have no route back to the client, told of it by a PROXY
// header that nginx reads, or by a TCP option that shows in the SYN that the server has kept.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { XdpEngine } from "../../src/linux/xdp/engine.ts";
import { defaultBalancerSettings } from "../../src/model/balancer-settings.ts";
import type { FullNatSettings } from "../../src/model/virtual-server.ts";
import { apply, destination, natServers, service, until, vip, XdpLab } from "./xdp-lab.ts";

const director = "10.9.0.1";
const client = "10.8.0.2";

function fullNat(port: number, settings?: Partial<FullNatSettings>) {
  const all: FullNatSettings = { sources: [], tellsClient: "nothing", ...settings };
  return natServers.map((address) =>
    destination(address, { forwarding: "FULLNAT", port, fullNat: all }),
  );
}

describe("FULLNAT", { skip: process.getuid?.() === 0 ? false : "needs root" }, () => {
  let lab: XdpLab;
  let engine: XdpEngine;
  let folder: string;

  async function startNginx(host: string): Promise<void> {
    const file = join(folder, `${host}.conf`);
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${folder}/${host}.pid; error_log /dev/null;
      events {}
      http { access_log off; client_max_body_size 0;
        client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
        uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
        server { listen 8081 proxy_protocol; root ${folder};
          location = /who { return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $remote_addr"; }
          location = /put { return 200 "$content_length"; } } }`,
    );
    lab.start(host, "nginx", "-c", file);
    await until(`nginx on ${host}`, () => lab.in(host, "ss", "-Hlnt", "sport = :8081") !== "");
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "keelson-fullnat-"));
    writeFileSync(join(folder, "large"), "x".repeat(3_000_000));
    lab = new XdpLab("fn");
    for (const host of ["n1", "n2"]) {
      lab.in(host, "ip", "route", "delete", "default");
      await lab.serve(host, 8080);
      await startNginx(host);
    }
    engine = lab.openEngine();
    await apply(
      engine,
      { kind: "add-service", service: service(80, fullNat(8080)) },
      {
        kind: "add-service",
        service: service(81, fullNat(8081, { tellsClient: "proxy-protocol" })),
      },
      { kind: "add-service", service: service(82, fullNat(8080, { tellsClient: "tcp-option" })) },
    );
    await engine.maintain();
  });

  after(async () => {
    await engine?.close();
    lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a real server without a way back sees the director and answers through it", () => {
    const answers = [1, 2, 3, 4].map(() => lab.get(`http://${vip}/`).trim());
    assert.deepEqual(
      answers,
      ["n2", "n1", "n2", "n1"].map((host) => `${host} ${director}`),
    );
  });

  test("large transfers survive in both directions", () => {
    assert.ok(lab.get(`http://${vip}/3000000`).length > 3_000_000);
    const upload = lab.in(
      "cl",
      "sh",
      "-c",
      `head -c 2000000 /dev/zero | curl -sS --max-time 10 --data-binary @- http://${vip}/ -o /dev/null -w '%{size_upload} %{http_code}'`,
    );
    assert.equal(upload, "2000000 200");
  });

  test("by a PROXY header nginx learns the client's address and port, and where it went", () => {
    for (let i = 0; i < 4; i++) {
      const answer = lab.get(`http://${vip}:81/who`, "--local-port", `${41_000 + i}`).trim();
      assert.equal(answer, `${client} ${41_000 + i} ${vip} ${director}`);
    }
  });

  test("behind a PROXY header a connection goes on: many requests, large ones, both directions", () => {
    const urls = Array.from({ length: 8 }, () => `http://${vip}:81/who`);
    const answers = lab.in("cl", "curl", "-sS", "--max-time", "10", "-w", "\n", ...urls);
    const lines = answers.trim().split("\n");
    assert.equal(lines.length, 8);
    assert.equal(new Set(lines).size, 1, "one connection, told once");
    assert.match(lines[0] ?? "", /^10\.8\.0\.2 /);
    assert.equal(lab.get(`http://${vip}:81/large`).length, 3_000_000);
    const upload = lab.in(
      "cl",
      "sh",
      "-c",
      `head -c 2000000 /dev/zero | curl -sS --max-time 10 --data-binary @- http://${vip}:81/put`,
    );
    assert.equal(upload, "2000000");
  });

  test("a client that waits with its first byte, or sends it with its ACK, is told of all the same", async () => {
    const script = `
      const socket = require("node:net").connect(81, "${vip}", () => setTimeout(() => {
        socket.write("GET /who HTTP/1.0\\r\\n\\r\\n");
      }, 300));
      socket.on("data", (d) => process.stdout.write(d.toString().split("\\r\\n\\r\\n")[1] ?? ""));
      socket.on("end", () => process.exit(0));`;
    const said = lab.in("cl", process.execPath, "-e", script);
    assert.match(said, /^10\.8\.0\.2 \d+ 10\.8\.0\.100 10\.9\.0\.1$/);
  });

  test("headers survive a lossy way to the real server", () => {
    lab.in(
      "n1",
      "nft",
      "add table ip loss; add chain ip loss in { type filter hook input priority 0; }; add rule ip loss in tcp dport 8081 numgen random mod 4 == 0 drop",
    );
    lab.in(
      "n2",
      "nft",
      "add table ip loss; add chain ip loss in { type filter hook input priority 0; }; add rule ip loss in tcp dport 8081 numgen random mod 4 == 0 drop",
    );
    try {
      for (let i = 0; i < 12; i++)
        assert.match(lab.get(`http://${vip}:81/who`, "--max-time", "60"), /^10\.8\.0\.2 /);
    } finally {
      for (const host of ["n1", "n2"]) lab.in(host, "nft", "delete", "table", "ip", "loss");
    }
  });

  test("connections give their ports back when they end", async () => {
    const { borrowed, translations } = engine.balancer.maps;
    const before = translations.keys().length;
    assert.ok(before > 0);
    assert.equal(borrowed.keys().length, before);
    const short = service(53, fullNat(5353), { protocol: "UDP" });
    await apply(engine, { kind: "add-service", service: short });
    await engine.configure({ ...defaultBalancerSettings, udpTimeoutS: 1 });
    const script = `const s = require("node:dgram").createSocket("udp4");
      s.send("x", 53, "${vip}", () => s.close());`;
    for (let i = 0; i < 5; i++) lab.in("cl", process.execPath, "-e", script);
    assert.ok(translations.keys().length > before);
    await until("the ports are free again", async () => {
      await engine.maintain();
      return translations.keys().length <= before && borrowed.keys().length <= before;
    });
  });

  test("what was given is what the table shows", async () => {
    const observed = await engine.observe();
    assert.ok(observed.ok);
    const shown = observed.value.services.flatMap(({ destinations }) => destinations);
    assert.deepEqual(
      new Set(shown.map(({ fullNat: settings }) => settings?.tellsClient)),
      new Set(["nothing", "proxy-protocol", "tcp-option"]),
    );
    assert.ok(shown.every(({ fullNat: settings }) => settings?.sources.length === 0));
  });

  test("the TCP option is in the SYN that the server keeps, and in the ACK", async () => {
    const dump = lab.start(
      "n2",
      "tcpdump",
      "-i",
      "eth0",
      "-nn",
      "-U",
      "-w",
      join(folder, "n2.pcap"),
      "tcp dst port 8080",
    );
    const other = lab.start(
      "n1",
      "tcpdump",
      "-i",
      "eth0",
      "-nn",
      "-U",
      "-w",
      join(folder, "n1.pcap"),
      "tcp dst port 8080",
    );
    const packets = (): readonly string[] =>
      ["n1", "n2"].flatMap((host) => {
        const text = lab.in(host, "tcpdump", "-nnxtr", join(folder, `${host}.pcap`));
        return text.split(/^IP /m).filter((packet) => packet.includes("Flags"));
      });
    const options: string[] = [];
    await until("SYN and ACK are seen", () => {
      lab.get(`http://${vip}:82/`, "--local-port", "42000-42999");
      options.length = 0;
      for (const packet of packets()) {
        const hex = [...packet.matchAll(/^\s+0x[0-9a-f]+:\s+(.*)$/gm)]
          .map(([, words = ""]) => words.replaceAll(" ", ""))
          .join("");
        // Behind the headers of IP and TCP.
        if (hex.slice(80, 84) === "fe08")
          options.push(`${/Flags \[(.*?)\]/.exec(packet)?.[1]} ${hex.slice(84, 96)}`);
      }
      return ["S ", ". "].every((flags) => options.some((option) => option.startsWith(flags)));
    });
    for (const child of [dump, other]) child.kill("SIGKILL");
    for (const option of options) {
      const [, told = ""] = option.split(" ");
      assert.equal(told.slice(4), "0a080002");
      const port = Number.parseInt(told.slice(0, 4), 16);
      assert.ok(port >= 42_000 && port < 43_000, option);
    }
  });
});
