// Rules about tables as ipvsadm saves them [A01..].

import { unknownRuleOption } from "./a01-unknown-rule-option.ts";
import { ruleIncomplete } from "./a02-rule-incomplete.ts";
import { ruleOptionMisplaced } from "./a03-rule-option-misplaced.ts";
import { badRuleAddress } from "./a04-bad-rule-address.ts";
import { ruleValueOutOfRange } from "./a05-rule-value-out-of-range.ts";
import { ruleRepeated } from "./a06-rule-repeated.ts";
import { serverWithoutService } from "./a07-server-without-service.ts";
import { noRuleOfATable } from "./a08-no-rule-of-a-table.ts";
import { allPortsNotPersistent } from "./a09-all-ports-not-persistent.ts";
import { onePacketWithoutUdp } from "./a10-one-packet-without-udp.ts";
import { commentInTable } from "./a11-comment-in-table.ts";
import { serviceWithoutServer } from "./a12-service-without-server.ts";
import { portCannotChange } from "./a13-port-cannot-change.ts";
import { hostByNameInTable } from "./a14-host-by-name-in-table.ts";
import type { Rule } from "./rule.ts";

/** In the order of their ids. */
export const aRules: readonly Rule[] = [
  unknownRuleOption,
  ruleIncomplete,
  ruleOptionMisplaced,
  badRuleAddress,
  ruleValueOutOfRange,
  ruleRepeated,
  serverWithoutService,
  noRuleOfATable,
  allPortsNotPersistent,
  onePacketWithoutUdp,
  commentInTable,
  serviceWithoutServer,
  portCannotChange,
  hostByNameInTable,
];
