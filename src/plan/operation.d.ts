import type { IpAddress } from "../base/address.ts";
import type { Destination, Service } from "../model/balancer-table.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
/** An address on an interface, as the kernel has it or should have it. */
export interface AddressFact {
    readonly address: IpAddress;
    readonly prefixLength: number;
    readonly interface: string;
    readonly label?: string;
    readonly broadcast?: IpAddress;
    readonly scope?: number;
}
export type AddressOperation = {
    readonly kind: "add-address";
    readonly fact: AddressFact;
} | {
    readonly kind: "remove-address";
    readonly fact: AddressFact;
};
export type BalancerOperation = {
    readonly kind: "add-service";
    readonly service: Service;
} | {
    readonly kind: "change-service";
    readonly service: Service;
} | {
    readonly kind: "remove-service";
    readonly key: VirtualServerKey;
} | {
    readonly kind: "add-destination";
    readonly key: VirtualServerKey;
    readonly destination: Destination;
} | {
    readonly kind: "change-destination";
    readonly key: VirtualServerKey;
    readonly destination: Destination;
} | {
    readonly kind: "remove-destination";
    readonly key: VirtualServerKey;
    readonly address: IpAddress;
    readonly port: number;
};
