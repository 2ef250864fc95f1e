// Rules about VRRP [V01..], about nodes that are judged together [P01..].

import { onOneNodeOnly } from "./p01-on-one-node-only.ts";
import { weightsOverturnPriorities } from "./p02-weights-overturn-priorities.ts";
import { sameRouterId } from "./p03-same-router-id.ts";
import { syncGroupsDiffer } from "./p04-sync-groups-differ.ts";
import { syncGroupTorn } from "./p05-sync-group-torn.ts";
import { multicastGroupsDiffer } from "./p06-multicast-groups-differ.ts";
import { sameSource } from "./p07-same-source.ts";
import { trackingDiffers } from "./p08-tracking-differs.ts";
import { virtualServerOnOneNode } from "./p09-virtual-server-on-one-node.ts";
import { virtualServersDiffer } from "./p10-virtual-servers-differ.ts";
import { realServersDiffer } from "./p11-real-servers-differ.ts";
import { checksDiffer } from "./p12-checks-differ.ts";
import { serverGroupsDiffer } from "./p13-server-groups-differ.ts";
import { syncDaemonsDiffer } from "./p14-sync-daemons-differ.ts";
import type { Rule } from "./rule.ts";
import { noVirtualRouterId } from "./v01-no-virtual-router-id.ts";
import { duplicateVirtualRouter } from "./v02-duplicate-virtual-router.ts";
import { virtualRouterIdOnTwoInterfaces } from "./v03-virtual-router-id-on-two-interfaces.ts";
import { sampleVirtualRouterId } from "./v05-sample-virtual-router-id.ts";
import { longPassword } from "./v06-long-password.ts";
import { authenticationInVersion3 } from "./v07-authentication-in-version-3.ts";
import { authenticationInStrictMode } from "./v08-authentication-in-strict-mode.ts";
import { nopreemptAsMaster } from "./v10-nopreempt-as-master.ts";
import { nopreemptOnTheLowerNode } from "./v11-nopreempt-on-the-lower-node.ts";
import { nopreemptWithWeight } from "./v12-nopreempt-with-weight.ts";
import { preemptDelayWithoutEffect } from "./v13-preempt-delay-without-effect.ts";
import { weightTooSmall } from "./v14-weight-too-small.ts";
import { positiveWeight } from "./v15-positive-weight.ts";
import { priorityClamped } from "./v16-priority-clamped.ts";
import { weightInSyncGroup } from "./v17-weight-in-sync-group.ts";
import { ownerWithOtherWishes } from "./v18-owner-with-other-wishes.ts";
import { equalPriorities } from "./v19-equal-priorities.ts";
import { twoMasters } from "./v20-two-masters.ts";
import { mixedFamilies } from "./v21-mixed-families.ts";
import { peerOfAnotherFamily } from "./v22-peer-of-another-family.ts";
import { firstAddressNotLinkLocal } from "./v23-first-address-not-link-local.ts";
import { addressWithoutPrefix } from "./v25-address-without-prefix.ts";
import { addressInTwoInstances } from "./v27-address-in-two-instances.ts";
import { notAVirtualAddress } from "./v28-not-a-virtual-address.ts";
import { noVirtualAddress } from "./v29-no-virtual-address.ts";
import { virtualAddressesDiffer } from "./v30-virtual-addresses-differ.ts";
import { manyAddresses } from "./v31-many-addresses.ts";
import { loopbackInterface } from "./v34-loopback-interface.ts";
import { unicastWithoutPeers } from "./v35-unicast-without-peers.ts";
import { unicastNotMutual } from "./v38-unicast-not-mutual.ts";
import { strictUnicast } from "./v39-strict-unicast.ts";
import { addressesDropPackets } from "./v40-addresses-drop-packets.ts";
import { intervalRounded } from "./v41-interval-rounded.ts";
import { advertsDoNotMatch } from "./v42-adverts-do-not-match.ts";
import { ownInterfaceTracked } from "./v43-own-interface-tracked.ts";
import { unknownGroupMember } from "./v44-unknown-group-member.ts";
import { smallSyncGroup } from "./v45-small-sync-group.ts";
import { noRefreshOfArp } from "./v48-no-refresh-of-arp.ts";
import { syncDaemonWithoutInstance } from "./v49-sync-daemon-without-instance.ts";
import { deprecatedKeyword } from "./v50-deprecated-keyword.ts";
import { noInterface } from "./v60-no-interface.ts";
import { incompleteAuthentication } from "./v61-incomplete-authentication.ts";
import { masterWithoutPriority } from "./v62-master-without-priority.ts";
import { addressRepeated } from "./v63-address-repeated.ts";
import { version2ForIpv6 } from "./v64-version-2-for-ipv6.ts";
import { unusableAddress } from "./v65-unusable-address.ts";
import { ownAddressAmongPeers } from "./v66-own-address-among-peers.ts";
import { virtualAddressAsEndpoint } from "./v67-virtual-address-as-endpoint.ts";
import { virtualAddressIsStatic } from "./v68-virtual-address-is-static.ts";
import { notAMulticastGroup } from "./v69-not-a-multicast-group.ts";
import { instanceInTwoGroups } from "./v70-instance-in-two-groups.ts";
import { strictState } from "./v71-strict-state.ts";
import { optionOfTheOtherFamily } from "./v72-option-of-the-other-family.ts";
import { promoteSecondariesWithVmac } from "./v73-promote-secondaries-with-vmac.ts";
import { ruleWithoutPreference } from "./v74-rule-without-preference.ts";
import { routeNotTracked } from "./v75-route-not-tracked.ts";
import { trackedTwice } from "./v76-tracked-twice.ts";
import { natWithoutSyncGroup } from "./v77-nat-without-sync-group.ts";
import { interfaceAlias } from "./v78-interface-alias.ts";

/** In the order of their ids, family by family. */
export const vRules: readonly Rule[] = [
  noVirtualRouterId,
  duplicateVirtualRouter,
  virtualRouterIdOnTwoInterfaces,
  sampleVirtualRouterId,
  longPassword,
  authenticationInVersion3,
  authenticationInStrictMode,
  nopreemptAsMaster,
  nopreemptOnTheLowerNode,
  nopreemptWithWeight,
  preemptDelayWithoutEffect,
  weightTooSmall,
  positiveWeight,
  priorityClamped,
  weightInSyncGroup,
  ownerWithOtherWishes,
  equalPriorities,
  twoMasters,
  mixedFamilies,
  peerOfAnotherFamily,
  firstAddressNotLinkLocal,
  addressWithoutPrefix,
  addressInTwoInstances,
  notAVirtualAddress,
  noVirtualAddress,
  virtualAddressesDiffer,
  manyAddresses,
  loopbackInterface,
  unicastWithoutPeers,
  unicastNotMutual,
  strictUnicast,
  addressesDropPackets,
  intervalRounded,
  advertsDoNotMatch,
  ownInterfaceTracked,
  unknownGroupMember,
  smallSyncGroup,
  noRefreshOfArp,
  syncDaemonWithoutInstance,
  deprecatedKeyword,
  noInterface,
  incompleteAuthentication,
  masterWithoutPriority,
  addressRepeated,
  version2ForIpv6,
  unusableAddress,
  ownAddressAmongPeers,
  virtualAddressAsEndpoint,
  virtualAddressIsStatic,
  notAMulticastGroup,
  instanceInTwoGroups,
  strictState,
  optionOfTheOtherFamily,
  promoteSecondariesWithVmac,
  ruleWithoutPreference,
  routeNotTracked,
  trackedTwice,
  natWithoutSyncGroup,
  interfaceAlias,
  onOneNodeOnly,
  weightsOverturnPriorities,
  sameRouterId,
  syncGroupsDiffer,
  syncGroupTorn,
  multicastGroupsDiffer,
  sameSource,
  trackingDiffers,
  virtualServerOnOneNode,
  virtualServersDiffer,
  realServersDiffer,
  checksDiffer,
  serverGroupsDiffer,
  syncDaemonsDiffer,
];
