//! `CREATE`, `ALTER` and `DROP KEYSPACE`.

use super::{Keyspace, NAME_MAX, Replication, Schema, is_system, no_such_keyspace, options};
use crate::{
    ast::{AlterKeyspace, CreateKeyspace, DropKeyspace, Property, PropertyValue},
    request::{Changed, Error},
};
use alloc::{
    collections::BTreeMap,
    format,
    rc::Rc,
    string::{String, ToString},
};

/// What `WITH` said of a keyspace.
#[derive(Default)]
struct Said {
    replication: Option<BTreeMap<String, String>>,
    durable_writes: Option<bool>,
}

impl Schema {
    pub(super) fn create_keyspace(&mut self, create: &CreateKeyspace) -> Result<Option<Changed>, Error> {
        let name = create.name.as_str();
        check_name("Keyspace", name)?;
        may_be_changed(name)?;
        let said = properties(&create.properties)?;
        let entries = said.replication.ok_or_else(|| Error::invalid("Missing mandatory option 'replication'"))?;
        if self.keyspaces.contains_key(name) {
            return if create.if_not_exists {
                Ok(None)
            } else {
                Err(Error::AlreadyExists { keyspace: name.to_string(), table: String::new() })
            };
        }
        let replication = replication(&entries, name, self.data_centres.as_deref())?;
        let keyspace = Keyspace {
            name: name.into(),
            replication,
            durable_writes: said.durable_writes.unwrap_or(true),
            tables: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        self.keyspaces.insert(name.into(), keyspace);
        Ok(changed("CREATED", name))
    }

    pub(super) fn alter_keyspace(&mut self, alter: &AlterKeyspace) -> Result<Option<Changed>, Error> {
        let name = alter.name.as_str();
        may_be_changed(name)?;
        let dcs = self.data_centres.clone();
        let Some(keyspace) = self.keyspaces.get_mut(name) else {
            return if alter.if_exists { Ok(None) } else { Err(no_such_keyspace(name)) };
        };
        let said = properties(&alter.properties)?;
        if let Some(entries) = said.replication {
            keyspace.replication = replication(&entries, name, dcs.as_deref())?;
        }
        if let Some(durable) = said.durable_writes {
            keyspace.durable_writes = durable;
        }
        Ok(changed("UPDATED", name))
    }

    pub(super) fn drop_keyspace(&mut self, drop: &DropKeyspace) -> Result<Option<Changed>, Error> {
        let name = drop.name.as_str();
        may_be_changed(name)?;
        match self.keyspaces.remove(name) {
            Some(_) => Ok(changed("DROPPED", name)),
            None if drop.if_exists => Ok(None),
            None => Err(no_such_keyspace(name)),
        }
    }
}

fn changed(change: &'static str, keyspace: &str) -> Option<Changed> {
    Some(Changed { change, keyspace: keyspace.to_string(), table: None, user_type: None })
}

/// Refuses names that cannot be, and the server's own keyspaces.
pub(super) fn may_be_changed(name: &str) -> Result<(), Error> {
    if is_system(name) {
        return Err(Error::Unauthorized(format!("{name} keyspace is not user-modifiable.")));
    }
    check_length("Keyspace", name)
}

/// Letters, digits and `_`; a keyspace's length is bounded.
pub(super) fn check_name(what: &str, name: &str) -> Result<(), Error> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(Error::Invalid(format!(
            "{what} name must not be empty or not contain non-alphanumeric-underscore characters (got \"{name}\")"
        )));
    }
    if what == "Keyspace" { check_length(what, name) } else { Ok(()) }
}

fn check_length(what: &str, name: &str) -> Result<(), Error> {
    if name.len() > NAME_MAX {
        return Err(Error::Invalid(format!(
            "{what} name must not be more than {NAME_MAX} characters long (got {} characters for \"{name}\")",
            name.len()
        )));
    }
    Ok(())
}

fn properties(properties: &[Property]) -> Result<Said, Error> {
    let mut said = Said::default();
    for Property { name, value } in properties {
        match (name.as_str(), value) {
            ("replication", PropertyValue::Map(entries)) => {
                let entries = options::texts(entries);
                if !entries.contains_key("class") {
                    return Err(Error::Config("Missing replication strategy class".into()));
                }
                said.replication = Some(entries);
            }
            ("replication", _) => {
                return Err(Error::Syntax("Invalid value for property 'replication'. It should be a map.".into()));
            }
            ("durable_writes", value) => said.durable_writes = Some(options::boolean("durable_writes", value)?),
            (other, _) => return Err(Error::Syntax(format!("Unknown property '{other}'"))),
        }
    }
    Ok(said)
}

/// `{'class': …}`; a factor that is not said is 1, as in Cassandra 5.0 (`default_keyspace_rf`).
fn replication(
    entries: &BTreeMap<String, String>,
    keyspace: &str,
    known: Option<&[Rc<str>]>,
) -> Result<Replication, Error> {
    let class = entries.get("class").ok_or_else(|| Error::Config("Missing replication strategy class".into()))?;
    let short = class.strip_prefix("org.apache.cassandra.locator.").unwrap_or(class);
    let rest = entries.iter().filter(|(key, _)| *key != "class");
    match short {
        "SimpleStrategy" => {
            let mut count = 1;
            for (key, value) in rest {
                if key != "replication_factor" {
                    return Err(Error::Config(format!(
                        "Unrecognized strategy option {{{key}}} passed to SimpleStrategy for keyspace {keyspace}"
                    )));
                }
                count = factor(value)?;
            }
            Ok(Replication::Simple(count))
        }
        "NetworkTopologyStrategy" => {
            let mut dcs = BTreeMap::new();
            let mut every = None;
            for (key, value) in rest {
                if key == "replication_factor" {
                    every = Some(factor(value)?);
                } else if known.is_some_and(|known| !known.iter().any(|dc| **dc == **key)) {
                    return Err(Error::Config(format!(
                        "Unrecognized strategy option {{{key}}} passed to NetworkTopologyStrategy for keyspace {keyspace}"
                    )));
                } else {
                    dcs.insert(Rc::from(key.as_str()), factor(value)?);
                }
            }
            let none = dcs.is_empty() && every.is_none();
            Ok(Replication::Topology { dcs, every: if none { Some(1) } else { every } })
        }
        "LocalStrategy" => {
            Err(Error::invalid("Unable to use given strategy class: LocalStrategy is reserved for internal use."))
        }
        _ => {
            let full =
                if class.contains('.') { class.clone() } else { format!("org.apache.cassandra.locator.{class}") };
            Err(Error::Config(format!("Unable to find replication strategy class '{full}'")))
        }
    }
}

fn factor(text: &str) -> Result<u32, Error> {
    match text.parse::<i64>() {
        Ok(n @ 0..=255) => Ok(n as u32),
        Ok(n) if n < 0 => Err(Error::Config(format!("Replication factor must be non-negative, found {n}"))),
        Ok(n) => Err(Error::Config(format!("a replication factor may be 255 at most, found {n}"))),
        Err(_) if text.contains('/') => Err(Error::Config("Transient replication is not enabled on this node".into())),
        Err(_) => Err(Error::Config(format!("For input string: \"{text}\""))),
    }
}
