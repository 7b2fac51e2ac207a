//! What `WITH` says of a table: what the model acts on is typed, the rest is checked and kept.

use crate::{
    ast::{Literal, Property, PropertyValue},
    request::Error,
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
};

/// The largest TTL, seconds: 20 years.
pub const TTL_MAX: i64 = 630_720_000;

/// A table's options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// How long a deletion is kept at least, seconds (semantics.md 13).
    pub gc_grace_seconds: i64,
    /// The TTL of writes that say none, seconds; 0 is none.
    pub default_time_to_live: u32,
    /// Whether a read repairs the replicas it asked before it answers (semantics.md 17).
    pub read_repair: ReadRepair,
    /// When one more replica is asked (semantics.md 18).
    pub speculative_retry: SpeculativeRetry,
    /// When a slow write to a replica is helped by another.
    pub additional_write_policy: SpeculativeRetry,
    /// `class` and sub-options.
    pub compaction: BTreeMap<String, String>,
    /// A word for people.
    pub comment: String,
    /// Everything else that was said, as written.
    pub other: BTreeMap<String, String>,
}

/// What a read does about replicas that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadRepair {
    /// Repairs those it asked, and waits.
    Blocking,
    /// Nothing.
    None,
}

/// When to try one replica more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeculativeRetry {
    /// Never.
    Never,
    /// At once.
    Always,
    /// After so many microseconds.
    After(u32),
    /// After this percentile of recent latencies, in hundredths of a percent.
    Percentile(u32),
}

impl Default for TableOptions {
    fn default() -> Self {
        TableOptions {
            gc_grace_seconds: 864_000,
            default_time_to_live: 0,
            read_repair: ReadRepair::Blocking,
            speculative_retry: SpeculativeRetry::Percentile(9900),
            additional_write_policy: SpeculativeRetry::Percentile(9900),
            compaction: [("class", "SizeTieredCompactionStrategy"), ("max_threshold", "32"), ("min_threshold", "4")]
                .map(|(k, v)| (k.to_string(), v.to_string()))
                .into(),
            comment: String::new(),
            other: BTreeMap::new(),
        }
    }
}

impl TableOptions {
    /// Takes over what was said.
    pub(super) fn set(&mut self, properties: &[Property]) -> Result<(), Error> {
        for Property { name, value } in properties {
            self.set_one(name, value)?;
        }
        let interval = |name, usual| self.other.get(name).and_then(|said| said.parse().ok()).unwrap_or(usual);
        let (min, max): (i64, i64) = (interval("min_index_interval", 128), interval("max_index_interval", 2048));
        if max < min {
            return Err(Error::Config(format!(
                "max_index_interval must be greater than or equal to min_index_interval ({min}) (got {max})"
            )));
        }
        Ok(())
    }

    fn set_one(&mut self, name: &str, value: &PropertyValue) -> Result<(), Error> {
        match name {
            "gc_grace_seconds" => self.gc_grace_seconds = bounded(name, value, 0, i64::from(i32::MAX))?,
            "default_time_to_live" => self.default_time_to_live = bounded(name, value, 0, TTL_MAX)? as u32,
            "comment" => self.comment = text(name, value)?,
            "read_repair" => {
                self.read_repair = match text(name, value)?.to_ascii_uppercase().as_str() {
                    "BLOCKING" => ReadRepair::Blocking,
                    "NONE" => ReadRepair::None,
                    other => {
                        // Cassandra's own answer is a ServerError that says so.
                        return Err(Error::Server(format!(
                            "java.lang.IllegalArgumentException: No enum constant org.apache.cassandra.service.reads.repair.ReadRepairStrategy.{other}"
                        )));
                    }
                }
            }
            "speculative_retry" => self.speculative_retry = speculative(name, &text(name, value)?)?,
            "additional_write_policy" => self.additional_write_policy = speculative(name, &text(name, value)?)?,
            "compaction" => self.compaction = compaction(&map(name, value)?)?,
            "compression" => {
                let entries = map(name, value)?;
                let disabled = entries.get("enabled").is_some_and(|enabled| enabled == "false");
                if !entries.is_empty() && !entries.contains_key("class") && !disabled {
                    return Err(Error::Config("Missing sub-option 'class' for the 'compression' option.".into()));
                }
                self.keep(name, &entries);
            }
            "caching" => {
                let entries = map(name, value)?;
                if let Some(keys) =
                    entries.get("keys").filter(|keys| !["ALL", "NONE"].contains(&keys.to_ascii_uppercase().as_str()))
                {
                    return Err(Error::Config(format!(
                        "Invalid value '{keys}' for caching sub-option 'keys': only 'ALL' and 'NONE' are allowed"
                    )));
                }
                self.keep(name, &entries);
            }
            "extensions" => self.keep(name, &map(name, value)?),
            "min_index_interval" | "max_index_interval" => {
                let interval = bounded(name, value, 1, i64::from(i32::MAX))?;
                self.other.insert(name.to_string(), interval.to_string());
            }
            "memtable_flush_period_in_ms" => {
                let period = bounded(name, value, 0, i64::from(i32::MAX))?;
                self.other.insert(name.to_string(), period.to_string());
            }
            "cdc" | "allow_auto_snapshot" | "incremental_backups" => {
                let said = boolean(name, value)?;
                self.other.insert(name.to_string(), said.to_string());
            }
            "bloom_filter_fp_chance" => {
                let said = text(name, value)?;
                let chance = double(name, &said)?;
                if !(chance > 6.71e-5 && chance <= 1.0) {
                    return Err(Error::Config(format!(
                        "{name} must be larger than 6.71E-5 and less than or equal to 1.0 (got {chance:?})"
                    )));
                }
                self.other.insert(name.to_string(), said);
            }
            "crc_check_chance" => {
                let said = text(name, value)?;
                let chance = double(name, &said)?;
                if !(0.0..=1.0).contains(&chance) {
                    return Err(Error::Config(format!(
                        "{name} must be larger than or equal to 0 and smaller than or equal to 1.0 (got {chance:?})"
                    )));
                }
                self.other.insert(name.to_string(), said);
            }
            "memtable" | "dclocal_read_repair_chance" | "read_repair_chance" => {
                let said = text(name, value)?;
                self.other.insert(name.to_string(), said);
            }
            _ => return Err(Error::Syntax(format!("Unknown property '{name}'"))),
        }
        Ok(())
    }

    fn keep(&mut self, name: &str, entries: &BTreeMap<String, String>) {
        let entries: alloc::vec::Vec<String> =
            entries.iter().map(|(key, value)| format!("'{key}': '{value}'")).collect();
        self.other.insert(name.to_string(), format!("{{{}}}", entries.join(", ")));
    }
}

fn text(name: &str, value: &PropertyValue) -> Result<String, Error> {
    value.text().ok_or_else(|| Error::Syntax(format!("Invalid value for property '{name}'. It should be a string")))
}

fn map(name: &str, value: &PropertyValue) -> Result<BTreeMap<String, String>, Error> {
    match value {
        PropertyValue::Map(entries) => Ok(texts(entries)),
        PropertyValue::Literal(_) | PropertyValue::Word(_) => {
            Err(Error::Syntax(format!("Invalid value for property '{name}'. It should be a map.")))
        }
    }
}

/// The entries of a map of options as texts, by key.
pub(super) fn texts(entries: &[(Literal, Literal)]) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    map.extend(entries.iter().map(|(key, value)| (key.text(), value.text())));
    map
}

fn bounded(name: &str, value: &PropertyValue, min: i64, max: i64) -> Result<i64, Error> {
    let said = text(name, value)?;
    let number: i32 = said.parse().map_err(|_| Error::Syntax(format!("Invalid integer value {said} for '{name}'")))?;
    match i64::from(number) {
        n if n < min => Err(Error::Config(format!("{name} must be greater than or equal to {min} (got {n})"))),
        n if n > max => Err(Error::Config(format!("{name} must be less than or equal to {max} (got {n})"))),
        n => Ok(n),
    }
}

fn double(name: &str, said: &str) -> Result<f64, Error> {
    said.parse().map_err(|_| Error::Syntax(format!("Invalid double value {said} for '{name}'")))
}

pub(super) fn boolean(name: &str, value: &PropertyValue) -> Result<bool, Error> {
    let said = text(name, value)?;
    match said.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" => Ok(false),
        _ => Err(Error::Syntax(format!(
            "Invalid boolean value {said} for '{name}'. Positive values can be '1', 'true' or 'yes'. Negative values can be '0', 'false' or 'no'."
        ))),
    }
}

/// `NEVER`, `ALWAYS`, `99p`, `99.5percentile`, `50ms`; of `MIN(a,b)` and `MAX(a,b)` the fixed delay decides.
fn speculative(name: &str, said: &str) -> Result<SpeculativeRetry, Error> {
    let upper = said.to_ascii_uppercase();
    let invalid = || Error::Config(format!("Invalid value {said} for option '{name}'"));
    if upper == "NEVER" || upper == "NONE" {
        return Ok(SpeculativeRetry::Never);
    }
    if upper == "ALWAYS" {
        return Ok(SpeculativeRetry::Always);
    }
    if let Some(number) = upper.strip_suffix("MS") {
        let us = hundredths(number).and_then(|n| n.checked_mul(10)).ok_or_else(invalid)?;
        return Ok(SpeculativeRetry::After(us));
    }
    if let Some(number) = upper.strip_suffix("PERCENTILE").or_else(|| upper.strip_suffix('P')) {
        let percent = hundredths(number).ok_or_else(invalid)?;
        return if (1..10_000).contains(&percent) {
            Ok(SpeculativeRetry::Percentile(percent))
        } else {
            Err(Error::Config(format!(
                "Invalid value {said} for PERCENTILE option '{name}': must be between (0.0 and 100.0)"
            )))
        };
    }
    if let Some(pair) = upper.strip_prefix("MIN(").or_else(|| upper.strip_prefix("MAX(")) {
        let (a, b) = pair.strip_suffix(')').and_then(|pair| pair.split_once(',')).ok_or_else(invalid)?;
        let (a, b) = (speculative(name, a.trim())?, speculative(name, b.trim())?);
        return Ok(if matches!(a, SpeculativeRetry::After(_)) { a } else { b });
    }
    Err(invalid())
}

/// A decimal number in hundredths; further digits are cut off.
fn hundredths(number: &str) -> Option<u32> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let part = part.bytes().chain([b'0', b'0']).take(2).fold(0, |n, d| n * 10 + u32::from(d - b'0'));
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)
}

const STRATEGIES: [&str; 4] = [
    "SizeTieredCompactionStrategy",
    "LeveledCompactionStrategy",
    "TimeWindowCompactionStrategy",
    "UnifiedCompactionStrategy",
];
const SIZE_TIERED: [&str; 10] = [
    "class",
    "enabled",
    "min_threshold",
    "max_threshold",
    "bucket_low",
    "bucket_high",
    "min_sstable_size",
    "tombstone_threshold",
    "tombstone_compaction_interval",
    "unchecked_tombstone_compaction",
];

fn compaction(entries: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Error> {
    let class = entries
        .get("class")
        .ok_or_else(|| Error::Config("Missing sub-option 'class' for the 'compaction' option".into()))?;
    let short = class.strip_prefix("org.apache.cassandra.db.compaction.").unwrap_or(class);
    if !STRATEGIES.contains(&short) {
        let full =
            if class.contains('.') { class.clone() } else { format!("org.apache.cassandra.db.compaction.{class}") };
        return Err(Error::Config(format!("Unable to find compaction strategy class '{full}'")));
    }
    if short == "SizeTieredCompactionStrategy" {
        let known =
            |key: &str| SIZE_TIERED.contains(&key) || key == "only_purge_repaired_tombstones" || key == "log_all";
        if let Some(unknown) = entries.keys().find(|key| !known(key)) {
            return Err(Error::Config(format!("Properties specified [{unknown}] are not understood by {short}")));
        }
    }
    let mut all = TableOptions::default().compaction;
    all.extend(entries.iter().map(|(key, value)| (key.clone(), value.clone())));
    all.insert("class".into(), short.into());
    let threshold = |key: &str| {
        let said = all.get(key).map_or("0", String::as_str);
        said.parse::<i64>().map_err(|_| {
            Error::Config(format!("Invalid value {said} for '{key}' compaction sub-option - must be an integer"))
        })
    };
    let (min, max) = (threshold("min_threshold")?, threshold("max_threshold")?);
    if min < 2 {
        return Err(Error::Config(format!("Min compaction threshold cannot be less than 2 (got {min})")));
    }
    if min > max {
        return Err(Error::Config(format!(
            "Min compaction threshold (got {min}) cannot be greater than max compaction threshold (got {max})"
        )));
    }
    Ok(all)
}
