//! The words that filters of packets know (documented: the manual page pcap-filter).

/// Protocols, each of which is a filter by itself and may stand before a direction or a sort.
pub const PROTOCOLS: [&str; 39] = [
    "ether", "link", "ppp", "slip", "fddi", "tr", "wlan", "ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp",
    "icmp", "icmp6", "igmp", "igrp", "pim", "vrrp", "carp", "ah", "esp", "decnet", "lat", "moprc", "mopdl",
    "aarp", "atalk", "iso", "clnp", "esis", "isis", "stp", "ipx", "netbeui", "radio", "sca", "mpls",
];

/// Which way a packet goes.
pub const DIRECTIONS: [&str; 10] =
    ["src", "dst", "ra", "ta", "addr1", "addr2", "addr3", "addr4", "receiver", "transmitter"];

/// What an id may be of.
pub const SORTS: [&str; 7] = ["host", "net", "port", "portrange", "proto", "protochain", "gateway"];

/// Filters of one word.
pub const ALONE: [&str; 7] = ["broadcast", "multicast", "inbound", "outbound", "pppoed", "ipv6-any", "llc"];

/// Filters behind which a number may stand.
pub const NUMBERED: [&str; 4] = ["vlan", "mpls", "pppoes", "geneve"];

/// Names of offsets and of values that stand for numbers.
pub const NUMBERS: [&str; 40] = [
    "len",
    "tcpflags",
    "tcp-fin",
    "tcp-syn",
    "tcp-rst",
    "tcp-push",
    "tcp-ack",
    "tcp-urg",
    "tcp-ece",
    "tcp-cwr",
    "icmptype",
    "icmpcode",
    "icmp-echoreply",
    "icmp-unreach",
    "icmp-sourcequench",
    "icmp-redirect",
    "icmp-echo",
    "icmp-routeradvert",
    "icmp-routersolicit",
    "icmp-timxceed",
    "icmp-paramprob",
    "icmp-tstamp",
    "icmp-tstampreply",
    "icmp-ireq",
    "icmp-ireqreply",
    "icmp-maskreq",
    "icmp-maskreply",
    "icmp6type",
    "icmp6code",
    "icmp6-echo",
    "icmp6-echoreply",
    "icmp6-destinationrunreach",
    "icmp6-packettoobig",
    "icmp6-timeexceeded",
    "icmp6-parameterproblem",
    "icmp6-routersolicit",
    "icmp6-routeradvert",
    "icmp6-neighborsolicit",
    "icmp6-neighboradvert",
    "icmp6-redirect",
];

/// Services whose ports are known by name.
pub const SERVICES: [&str; 30] = [
    "ftp",
    "ftp-data",
    "ssh",
    "telnet",
    "smtp",
    "domain",
    "bootps",
    "bootpc",
    "tftp",
    "http",
    "kerberos",
    "pop3",
    "sunrpc",
    "ntp",
    "netbios-ns",
    "netbios-dgm",
    "netbios-ssn",
    "imap2",
    "imap",
    "snmp",
    "snmp-trap",
    "bgp",
    "ldap",
    "https",
    "syslog",
    "imaps",
    "ldaps",
    "pop3s",
    "isakmp",
    "submission",
];

/// Words that are no names of hosts.
pub fn is_kept(word: &str) -> bool {
    let joins = ["and", "or", "not", "less", "greater", "mask", "ifname", "src", "dst"];
    joins.contains(&word)
        || [&PROTOCOLS[..], &DIRECTIONS, &SORTS, &ALONE, &NUMBERED, &NUMBERS]
            .iter()
            .any(|words| words.contains(&word))
}
