//! What sets the two servers apart at the port, before anybody asks for a row.

use scenario::Persona;

/// Shards of a node that passes for a Scylla. The model has none: a driver that looks for each finds it, and that is all.
pub const SHARDS: u16 = 2;

/// In `STARTUP`: the client wants to know which prepared statements are transactions.
pub const LWT_MARK: &str = "SCYLLA_LWT_ADD_METADATA_MARK";
/// The bit of a prepared statement's flags that tells it.
pub const LWT_BIT: u32 = 1 << 31;

/// What a server can, as it says to OPTIONS. `COMPRESSION` must be there (drivers-live.md 3a). Nothing is said of a Scylla's that
/// would oblige: tablets, metadata ids, an error of its own for rates.
pub fn supported(persona: Persona, shard: u16, shard_aware_port: Option<u16>) -> Vec<(&'static str, Vec<String>)> {
    let one = |key, value: &str| (key, vec![value.to_string()]);
    match persona {
        Persona::Cassandra50 => vec![
            ("PROTOCOL_VERSIONS", vec!["4/v4".into(), "5/v5".into()]),
            one("COMPRESSION", "lz4"),
            one("CQL_VERSION", "3.4.7"),
        ],
        Persona::Scylla => {
            let mut options = vec![
                one("COMPRESSION", "lz4"),
                one("CQL_VERSION", "3.3.1"),
                one("SCYLLA_SHARD", &shard.to_string()),
                one("SCYLLA_NR_SHARDS", &SHARDS.to_string()),
                one("SCYLLA_PARTITIONER", "org.apache.cassandra.dht.Murmur3Partitioner"),
                one("SCYLLA_SHARDING_ALGORITHM", "biased-token-round-robin"),
                one("SCYLLA_SHARDING_IGNORE_MSB", "12"),
                one(LWT_MARK, &format!("LWT_OPTIMIZATION_META_BIT_MASK={LWT_BIT}")),
            ];
            options.extend(shard_aware_port.map(|port| one("SCYLLA_SHARD_AWARE_PORT", &port.to_string())));
            options
        }
    }
}

/// How each refuses a protocol version, in its own words; Cassandra's less the versions that are not spoken here.
pub fn refuses_version(asked: u8, latest: u8) -> String {
    if latest < 5 {
        return format!("Invalid or unsupported protocol version: {asked}");
    }
    format!("Invalid or unsupported protocol version ({asked}); supported versions are (4/v4, 5/v5)")
}
