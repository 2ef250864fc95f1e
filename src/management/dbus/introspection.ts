// Objects described in XML, as clients look for them (D-Bus specification, introspection format).

import { type BusObject, childrenOf, type ObjectTree } from "./object-tree.ts";

/** The interface of the object that stands for all of VRRP. */
export const vrrpInterface = "org.keepalived.Vrrp1.Vrrp";
/** The interface of an instance. */
export const instanceInterface = "org.keepalived.Vrrp1.Instance";

const head = `<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
`;

const standard = `  <interface name="org.freedesktop.DBus.Properties">
    <method name="Get">
      <arg type="s" name="interface_name" direction="in"/>
      <arg type="s" name="property_name" direction="in"/>
      <arg type="v" name="value" direction="out"/>
    </method>
    <method name="GetAll">
      <arg type="s" name="interface_name" direction="in"/>
      <arg type="a{sv}" name="properties" direction="out"/>
    </method>
    <method name="Set">
      <arg type="s" name="interface_name" direction="in"/>
      <arg type="s" name="property_name" direction="in"/>
      <arg type="v" name="value" direction="in"/>
    </method>
    <signal name="PropertiesChanged">
      <arg type="s" name="interface_name"/>
      <arg type="a{sv}" name="changed_properties"/>
      <arg type="as" name="invalidated_properties"/>
    </signal>
  </interface>
  <interface name="org.freedesktop.DBus.Introspectable">
    <method name="Introspect">
      <arg type="s" name="xml_data" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.DBus.Peer">
    <method name="Ping"/>
    <method name="GetMachineId">
      <arg type="s" name="machine_uuid" direction="out"/>
    </method>
  </interface>
`;

const vrrp = `  <interface name="${vrrpInterface}">
    <method name="PrintData"/>
    <method name="PrintStats"/>
    <method name="PrintStatsClear"/>
    <method name="ReloadConfig"/>
    <signal name="VrrpStarted"/>
    <signal name="VrrpReloaded"/>
    <signal name="VrrpStopped"/>
  </interface>
`;

const instance = `  <interface name="${instanceInterface}">
    <method name="SendGarp"/>
    <signal name="VrrpStatusChange">
      <arg type="u" name="status"/>
    </signal>
    <property type="s" name="Name" access="read"/>
    <property type="(us)" name="State" access="read"/>
  </interface>
`;

/** The description of a path; of one where no object is, an empty one. */
export function introspect(tree: ObjectTree, path: string): string {
  const object: BusObject | undefined = tree.get(path);
  const own = object === undefined ? "" : standard + (object.kind === "vrrp" ? vrrp : instance);
  const children = childrenOf(tree, path)
    .map((child) => `  <node name="${child}"/>\n`)
    .join("");
  return `${head}<node>\n${own}${children}</node>\n`;
}
