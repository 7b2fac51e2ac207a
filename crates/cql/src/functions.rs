//! Cassandra's native functions: what they take, what they give, and what they say when it does not fit.

use crate::{request::Error, types::Type, values};
use alloc::{format, string::String, vec::Vec};
use storage::PartitionKey;

/// Luck and time for one statement at its coordinator.
pub struct Moment<'a> {
    /// The default timestamp, microseconds since the Unix epoch: the client's, else the coordinator's.
    pub timestamp: i64,
    /// The coordinator's clock, microseconds since the Unix epoch.
    pub now: i64,
    /// 128 bits of luck at a time.
    pub uuid: &'a mut dyn FnMut() -> u128,
}

/// 100 ns ticks between 1582-10-15 and the Unix epoch.
const GREGORIAN: u64 = 0x01B2_1DD2_1381_4000;

impl Moment<'_> {
    /// The coordinator's clock in whole seconds: deletion times and expiry count in them.
    pub fn seconds(&self) -> i64 {
        self.now.div_euclid(1_000_000)
    }

    /// The coordinator's clock in whole milliseconds.
    pub fn millis(&self) -> i64 {
        self.now.div_euclid(1000)
    }
}

/// A moment that is being used up: no two timeuuids of one statement share a tick.
pub(crate) struct Clock<'a, 'm> {
    pub(crate) moment: &'a mut Moment<'m>,
    taken: u64,
}

impl<'a, 'm> Clock<'a, 'm> {
    pub(crate) fn new(moment: &'a mut Moment<'m>) -> Self {
        Clock { moment, taken: 0 }
    }

    /// `count` ticks after all that were taken before; the first of them.
    pub(crate) fn take_ticks(&mut self, count: u64) -> u64 {
        let first = (self.moment.now.max(0) as u64).saturating_mul(10).saturating_add(self.taken);
        self.taken = self.taken.saturating_add(count);
        first
    }

    /// A timeuuid of the present, different from all before.
    pub(crate) fn timeuuid(&mut self) -> [u8; 16] {
        let tick = self.take_ticks(1);
        let node = self.node();
        timeuuid(tick, node)
    }

    /// Clock sequence and node of a timeuuid, with the multicast bit that says it is no hardware address.
    pub(crate) fn node(&mut self) -> u64 {
        ((self.moment.uuid)() as u64 & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0100_0000_0000
    }

    fn random_uuid(&mut self) -> [u8; 16] {
        let bits = (self.moment.uuid)() & !(0xF << 76) & !(0x3 << 62);
        (bits | 0x4 << 76 | 0x2 << 62).to_be_bytes()
    }
}

/// The timeuuid of a tick of 100 ns since the Unix epoch.
pub(crate) fn timeuuid(tick: u64, low: u64) -> [u8; 16] {
    let time = tick.wrapping_add(GREGORIAN);
    let high = time << 32 | (time >> 32 & 0xFFFF) << 16 | 0x1000 | (time >> 48 & 0x0FFF);
    (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
}

/// Milliseconds since the Unix epoch of a timeuuid.
fn timeuuid_millis(bytes: [u8; 16]) -> i64 {
    let high = (u128::from_be_bytes(bytes) >> 64) as u64;
    let time = (high & 0x0FFF) << 48 | (high >> 16 & 0xFFFF) << 32 | high >> 32;
    (time as i64 - GREGORIAN as i64).div_euclid(10_000)
}

/// A native scalar function with its signature chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Now,
    Uuid,
    CurrentTimestamp,
    CurrentDate,
    CurrentTime,
    /// To milliseconds, from a timeuuid, date or timestamp.
    ToTimestamp(Type),
    /// To days.
    ToDate(Type),
    /// To milliseconds as a bigint.
    ToUnixTimestamp(Type),
    MinTimeuuid,
    MaxTimeuuid,
    AsBlob(Type),
    BlobAs(Type),
    Token(Vec<Type>),
}

/// A function's name as Cassandra folds it: `to_timestamp` and `totimestamp` are two names of one function.
fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').collect()
}

/// What the arguments of a call must be, or `None` for a name nobody knows. `given` are the types that are known.
/// `keys` are the types of the table's partition key.
pub(crate) fn signature(
    name: &str,
    given: &[Option<Type>],
    keys: &[Type],
) -> Result<Option<(Function, Vec<Type>)>, Error> {
    let first = given.first().cloned().flatten();
    let (function, takes) = match folded(name).as_str() {
        "now" | "currenttimeuuid" => (Function::Now, Vec::new()),
        "uuid" => (Function::Uuid, Vec::new()),
        "currenttimestamp" => (Function::CurrentTimestamp, Vec::new()),
        "currentdate" => (Function::CurrentDate, Vec::new()),
        "currenttime" => (Function::CurrentTime, Vec::new()),
        "totimestamp" => with_time(first, &[Type::Timeuuid, Type::Date], Function::ToTimestamp),
        "todate" => with_time(first, &[Type::Timeuuid, Type::Timestamp], Function::ToDate),
        "tounixtimestamp" => {
            with_time(first, &[Type::Timeuuid, Type::Timestamp, Type::Date], Function::ToUnixTimestamp)
        }
        "mintimeuuid" => (Function::MinTimeuuid, Vec::from([Type::Timestamp])),
        "maxtimeuuid" => (Function::MaxTimeuuid, Vec::from([Type::Timestamp])),
        "token" => (Function::Token(keys.to_vec()), keys.to_vec()),
        folded => {
            if let Some(ty) = folded.strip_suffix("asblob").and_then(blob_type) {
                (Function::AsBlob(ty.clone()), Vec::from([ty]))
            } else if let Some(ty) = folded.strip_prefix("blobas").and_then(blob_type) {
                (Function::BlobAs(ty), Vec::from([Type::Blob]))
            } else {
                return Ok(None);
            }
        }
    };
    if takes.len() != given.len() {
        return Err(Error::Invalid(format!(
            "Invalid number of arguments in call to function system.{name}: {} required but {} provided",
            takes.len(),
            given.len()
        )));
    }
    Ok(Some((function, takes)))
}

fn blob_type(name: &str) -> Option<Type> {
    Type::native(name).filter(|ty| *ty != Type::Blob)
}

/// The overload for the type that is given; without one the last, which takes literals.
fn with_time(given: Option<Type>, accepted: &[Type], make: impl Fn(Type) -> Function) -> (Function, Vec<Type>) {
    let chosen =
        given.filter(|ty| accepted.contains(ty)).or_else(|| accepted.last().cloned()).unwrap_or(Type::Timeuuid);
    (make(chosen.clone()), Vec::from([chosen]))
}

impl Function {
    /// The type of its value.
    pub(crate) fn returns(&self) -> Type {
        match self {
            Function::Now | Function::MinTimeuuid | Function::MaxTimeuuid => Type::Timeuuid,
            Function::Uuid => Type::Uuid,
            Function::CurrentTimestamp | Function::ToTimestamp(_) => Type::Timestamp,
            Function::CurrentDate | Function::ToDate(_) => Type::Date,
            Function::CurrentTime => Type::Time,
            Function::ToUnixTimestamp(_) | Function::Token(_) => Type::Bigint,
            Function::AsBlob(_) => Type::Blob,
            Function::BlobAs(ty) => ty.clone(),
        }
    }

    /// Its value; a null argument gives null. `name` is for errors.
    pub(crate) fn call(
        &self,
        name: &str,
        arguments: &[Option<&[u8]>],
        clock: &mut Clock<'_, '_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        Ok(Some(match self {
            Function::Now => clock.timeuuid().to_vec(),
            Function::Uuid => clock.random_uuid().to_vec(),
            Function::CurrentTimestamp => clock.moment.millis().to_be_bytes().to_vec(),
            Function::CurrentDate => days(clock.moment.millis()).to_be_bytes().to_vec(),
            Function::CurrentTime => (clock.moment.now.rem_euclid(86_400_000_000) * 1000).to_be_bytes().to_vec(),
            _ => return self.pure(name, arguments),
        }))
    }

    /// The value of a function of its arguments alone; the others are called once, before there are rows.
    pub(crate) fn pure(&self, name: &str, arguments: &[Option<&[u8]>]) -> Result<Option<Vec<u8>>, Error> {
        let Some(arguments) = arguments.iter().copied().collect::<Option<Vec<&[u8]>>>() else { return Ok(None) };
        let first = arguments.first().copied().unwrap_or_default();
        let millis = |ty: &Type| millis(ty, first);
        Ok(match self {
            Function::ToTimestamp(ty) => millis(ty).map(|ms| ms.to_be_bytes().to_vec()),
            Function::ToDate(ty) => millis(ty).map(|ms| days(ms).to_be_bytes().to_vec()),
            Function::ToUnixTimestamp(ty) => millis(ty).map(|ms| ms.to_be_bytes().to_vec()),
            // The smallest and largest low halves by signed bytes.
            Function::MinTimeuuid => millis(&Type::Timestamp)
                .map(|ms| timeuuid((ms as u64).wrapping_mul(10_000), 0x8080_8080_8080_8080).to_vec()),
            Function::MaxTimeuuid => millis(&Type::Timestamp).map(|ms| {
                timeuuid((ms as u64).wrapping_mul(10_000).wrapping_add(9999), 0x7F7F_7F7F_7F7F_7F7F).to_vec()
            }),
            Function::AsBlob(_) => Some(first.to_vec()),
            Function::BlobAs(ty) => {
                if values::validate(ty, first).is_err() {
                    return Err(Error::Invalid(format!(
                        "In call to function system.{name}, value 0x{} is not a valid binary representation for type {ty}",
                        values::hex_text(first)
                    )));
                }
                Some(first.to_vec())
            }
            Function::Token(_) => Some(PartitionKey::new(partition_bytes(&arguments)).token.to_be_bytes().to_vec()),
            Function::Now
            | Function::Uuid
            | Function::CurrentTimestamp
            | Function::CurrentDate
            | Function::CurrentTime => None,
        })
    }
}

/// The serialized partition key of these components.
pub(crate) fn partition_bytes(components: &[&[u8]]) -> Vec<u8> {
    match components {
        [one] => one.to_vec(),
        many => {
            let mut out = Vec::new();
            many.iter().for_each(|component| values::push_composite(&mut out, component));
            out
        }
    }
}

fn millis(ty: &Type, value: &[u8]) -> Option<i64> {
    Some(match ty {
        Type::Timeuuid => timeuuid_millis(value.try_into().ok()?),
        Type::Date => (i64::from(u32::from_be_bytes(value.try_into().ok()?)) - (1 << 31)) * 86_400_000,
        _ => i64::from_be_bytes(value.try_into().ok()?),
    })
}

fn days(millis: i64) -> u32 {
    (millis.div_euclid(86_400_000) + (1 << 31)).clamp(0, i64::from(u32::MAX)) as u32
}

/// `Unknown function 'f'` in a selection, `Unknown function f called` in a term.
pub(crate) fn unknown(name: &str, in_term: bool) -> Error {
    let known_elsewhere = [
        "abs",
        "exp",
        "log",
        "log10",
        "round",
        "mapkeys",
        "mapvalues",
        "collectioncount",
        "collectionmin",
        "collectionmax",
        "collectionsum",
        "collectionavg",
        "tojson",
        "fromjson",
        "maskdefault",
        "masknull",
    ];
    if known_elsewhere.contains(&folded(name).as_str()) {
        return crate::schema::not_executed_change(&format!("the function {name}"));
    }
    Error::Invalid(if in_term {
        format!("Unknown function {name} called")
    } else {
        format!("Unknown function '{name}'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn timeuuids_tell_their_time_and_never_repeat() {
        let mut luck = || 0x1234_5678_9ABC_DEF0_1234_5678_9ABC_DEF0;
        let mut moment = Moment { timestamp: 0, now: 1_735_689_600_000_000, uuid: &mut luck };
        let mut clock = Clock::new(&mut moment);
        let (a, b) = (clock.timeuuid(), clock.timeuuid());
        assert_ne!(a, b);
        assert_eq!(a[6] >> 4, 1);
        assert_eq!(timeuuid_millis(a), 1_735_689_600_000);
        assert_eq!(clock.random_uuid()[6] >> 4, 4);
    }

    /// `SELECT mintimeuuid('2020-01-01')` on Cassandra 5.0.6.
    #[test]
    fn min_timeuuid_is_cassandras() {
        let millis = 1_577_836_800_000i64.to_be_bytes();
        let min = Function::MinTimeuuid.pure("mintimeuuid", &[Some(&millis)]).unwrap().unwrap();
        assert_eq!(values::hex_text(&min), "a747c0002c2911ea8080808080808080".to_string());
    }
}
