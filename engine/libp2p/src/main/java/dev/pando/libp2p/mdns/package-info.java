/**
 * Finding peers on the local network by multicast DNS ({@code discovery/mdns.md} of libp2p/specs, RFC 6762). May use the
 * root package. {@link dev.pando.libp2p.mdns.MdnsPacket} is the wire format, {@link dev.pando.libp2p.mdns.MdnsProtocol}
 * what is asked and answered, without I/O; start at {@link dev.pando.libp2p.mdns.MdnsDiscovery}.
 */
@NullMarked
package dev.pando.libp2p.mdns;

import org.jspecify.annotations.NullMarked;
