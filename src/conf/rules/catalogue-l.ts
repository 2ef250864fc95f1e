// Rules about virtual servers [L01..].

import { portThatForwardingCannotChange } from "./l01-port-that-forwarding-cannot-change.ts";
import { persistenceWithRoundRobin } from "./l02-persistence-with-round-robin.ts";
import { unknownScheduler } from "./l03-unknown-scheduler.ts";
import { missingForwardingMethod } from "./l04-missing-forwarding-method.ts";
import { missingProtocol } from "./l05-missing-protocol.ts";
import { realServerWithoutCheck } from "./l06-real-server-without-check.ts";
import { noRealServer } from "./l07-no-real-server.ts";
import { realServerRepeated } from "./l08-real-server-repeated.ts";
import { realServerIsVirtualAddress } from "./l09-real-server-is-virtual-address.ts";
import { allWeightsZero } from "./l10-all-weights-zero.ts";
import { weightOutOfRange } from "./l11-weight-out-of-range.ts";
import { quorumTooLarge } from "./l12-quorum-too-large.ts";
import { addressInNoInstance } from "./l13-address-in-no-instance.ts";
import { unfitSorryServer } from "./l14-unfit-sorry-server.ts";
import { httpCheckWithoutPage } from "./l15-http-check-without-page.ts";
import { unfitDigest } from "./l16-unfit-digest.ts";
import { streamCheckOfDatagramService } from "./l17-stream-check-of-datagram-service.ts";
import { slowDetection } from "./l19-slow-detection.ts";
import { realServerOfOtherFamily } from "./l20-real-server-of-other-family.ts";
import { onePacketNotUdp } from "./l21-one-packet-not-udp.ts";
import { portZeroWithoutPersistence } from "./l22-port-zero-without-persistence.ts";
import { markWithProtocolOrPort } from "./l23-mark-with-protocol-or-port.ts";
import { netmaskWithHoles } from "./l24-netmask-with-holes.ts";
import { inhibitWithPersistence } from "./l25-inhibit-with-persistence.ts";
import { dynamicWeightWithoutLimit } from "./l26-dynamic-weight-without-limit.ts";
import { tlsCheckWithoutName } from "./l27-tls-check-without-name.ts";
import { trustedBeforeFirstCheck } from "./l28-trusted-before-first-check.ts";
import { directorsAreRealServers } from "./l31-directors-are-real-servers.ts";
import { natAnswersElsewhere } from "./l32-nat-answers-elsewhere.ts";
import { natClientBesideRealServer } from "./l33-nat-client-beside-real-server.ts";
import { directRoutingToOtherSegment } from "./l34-direct-routing-to-other-segment.ts";
import { duplicateVirtualServer } from "./l40-duplicate-virtual-server.ts";
import { checkWithoutPort } from "./l41-check-without-port.ts";
import { optionBeforeSorryServer } from "./l42-option-before-sorry-server.ts";
import { hysteresisTooLarge } from "./l43-hysteresis-too-large.ts";
import { sorryServerOfOtherFamily } from "./l44-sorry-server-of-other-family.ts";
import { thresholdsCrossed } from "./l45-thresholds-crossed.ts";
import { replyLengthsCrossed } from "./l46-reply-lengths-crossed.ts";
import { checkOfOtherProtocol } from "./l47-check-of-other-protocol.ts";
import { unknownServerGroup } from "./l48-unknown-server-group.ts";
import { serverGroupWithoutUse } from "./l49-server-group-without-use.ts";
import { checkWithoutSubject } from "./l50-check-without-subject.ts";
import { flagOfOtherScheduler } from "./l51-flag-of-other-scheduler.ts";
import { pathWithoutSlash } from "./l52-path-without-slash.ts";
import { familyOfAddress } from "./l53-family-of-address.ts";
import { bindAddressOfOtherFamily } from "./l54-bind-address-of-other-family.ts";
import { realServerOnLoopback } from "./l55-real-server-on-loopback.ts";
import { unfitFullNat } from "./l56-unfit-fullnat.ts";
import type { Rule } from "./rule.ts";

/** In the order of their ids. */
export const lRules: readonly Rule[] = [
  portThatForwardingCannotChange,
  persistenceWithRoundRobin,
  unknownScheduler,
  missingForwardingMethod,
  missingProtocol,
  realServerWithoutCheck,
  noRealServer,
  realServerRepeated,
  realServerIsVirtualAddress,
  allWeightsZero,
  weightOutOfRange,
  quorumTooLarge,
  addressInNoInstance,
  unfitSorryServer,
  httpCheckWithoutPage,
  unfitDigest,
  streamCheckOfDatagramService,
  slowDetection,
  realServerOfOtherFamily,
  onePacketNotUdp,
  portZeroWithoutPersistence,
  markWithProtocolOrPort,
  netmaskWithHoles,
  inhibitWithPersistence,
  dynamicWeightWithoutLimit,
  tlsCheckWithoutName,
  trustedBeforeFirstCheck,
  directorsAreRealServers,
  natAnswersElsewhere,
  natClientBesideRealServer,
  directRoutingToOtherSegment,
  duplicateVirtualServer,
  checkWithoutPort,
  optionBeforeSorryServer,
  hysteresisTooLarge,
  sorryServerOfOtherFamily,
  thresholdsCrossed,
  replyLengthsCrossed,
  checkOfOtherProtocol,
  unknownServerGroup,
  serverGroupWithoutUse,
  checkWithoutSubject,
  flagOfOtherScheduler,
  pathWithoutSlash,
  familyOfAddress,
  bindAddressOfOtherFamily,
  realServerOnLoopback,
  unfitFullNat,
];
