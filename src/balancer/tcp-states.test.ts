import assert from "node:assert/strict";
import { test } from "node:test";
import { flagsOf } from "../../test/contract/frames.ts";
import { isActiveTcpState, stepTcpState, type TcpState, tcpTimeoutsS } from "./tcp-states.ts";

test("RST counts before SYN, SYN before FIN, FIN before ACK, and no flag closes", () => {
  assert.equal(stepTcpState("ESTABLISHED", "input", flagsOf("RSFA")), "CLOSE");
  assert.equal(stepTcpState("TIME_WAIT", "input", flagsOf("SFA")), "SYN_RECV");
  assert.equal(stepTcpState("ESTABLISHED", "input", flagsOf("FA")), "CLOSE_WAIT");
  assert.equal(stepTcpState("ESTABLISHED", "input", flagsOf("P")), "CLOSE");
});

test("the same FIN means different things from different sides", () => {
  assert.equal(stepTcpState("ESTABLISHED", "input", flagsOf("F")), "CLOSE_WAIT");
  assert.equal(stepTcpState("ESTABLISHED", "output", flagsOf("F")), "FIN_WAIT");
  assert.equal(stepTcpState("ESTABLISHED", "input-only", flagsOf("F")), "FIN_WAIT");
});

test("every state has a timeout and a successor for every packet from every side", () => {
  for (const state of Object.keys(tcpTimeoutsS) as TcpState[]) {
    for (const direction of ["input", "output", "input-only"] as const) {
      for (const flags of ["S", "F", "A", "R", "."])
        assert.ok(tcpTimeoutsS[stepTcpState(state, direction, flagsOf(flags))] > 0);
    }
  }
});

test("four states count as active", () => {
  const active = (Object.keys(tcpTimeoutsS) as TcpState[]).filter(isActiveTcpState);
  assert.deepEqual(active, ["ESTABLISHED", "SYN_SENT", "SYN_RECV", "SYNACK"]);
});
