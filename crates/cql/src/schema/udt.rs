//! `CREATE`, `ALTER` and `DROP TYPE`: a type lives in its keyspace, and whatever holds it sees at once what it becomes.

use super::{Keyspace, Schema, Table, location, no_such_keyspace, resolve::resolve};
use crate::{
    ast::{AlterType, CreateType, Drop, Name, TypeChange, TypeName},
    request::{Changed, Error},
    types::{Type, Udt},
};
use alloc::{
    collections::BTreeMap,
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};

/// The most fields a type may have.
const FIELDS_MAX: usize = 1000;

fn invalid<T>(message: String) -> Result<T, Error> {
    Err(Error::Invalid(message))
}

fn changed(change: &'static str, (keyspace, name): (&str, &str)) -> Option<Changed> {
    Some(Changed { change, keyspace: keyspace.to_string(), table: None, user_type: Some(name.to_string()) })
}

impl Schema {
    pub(super) fn create_type(&mut self, create: &CreateType, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&create.name, current)?;
        for (at, (field, _)) in create.fields.iter().enumerate() {
            if create.fields.iter().take(at).any(|(before, _)| before == field) {
                return invalid(format!("Duplicate field name '{}' in type '{}'", field.as_str(), name.1));
            }
        }
        let Some(keyspace) = self.keyspaces.get_mut(name.0) else { return Err(no_such_keyspace(name.0)) };
        if keyspace.types.contains_key(name.1) {
            return if create.if_not_exists {
                Ok(None)
            } else {
                invalid(format!("A user type with name '{}' already exists", name.1))
            };
        }
        if create.fields.len() > FIELDS_MAX || keyspace.types.len() >= FIELDS_MAX {
            return invalid(format!("a type may have {FIELDS_MAX} fields, and a keyspace as many types"));
        }
        let fields = create.fields.iter().map(|(field, ty)| Ok((field.as_str().into(), field_type(ty, keyspace)?)));
        let fields = fields.collect::<Result<Vec<_>, Error>>()?;
        let udt = Udt { keyspace: name.0.into(), name: name.1.into(), fields };
        keyspace.types.insert(name.1.into(), Rc::new(udt));
        Ok(changed("CREATED", name))
    }

    pub(super) fn alter_type(&mut self, alter: &AlterType, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&alter.name, current)?;
        let Some((keyspace, udt)) = self.keyspaces.get_mut(name.0).and_then(|keyspace| {
            let udt = keyspace.types.get(name.1)?.clone();
            Some((keyspace, udt))
        }) else {
            return if alter.if_exists {
                Ok(None)
            } else {
                invalid(format!("Type {}.{} doesn't exist", name.0, name.1))
            };
        };
        let Some(new) = altered(&udt, &alter.change, keyspace)? else { return Ok(None) };
        keyspace.types.insert(name.1.into(), Rc::new(new));
        keyspace.renew_types();
        Ok(changed("UPDATED", name))
    }

    pub(super) fn drop_type(&mut self, drop: &Drop, current: Option<&str>) -> Result<Option<Changed>, Error> {
        let name = location(&drop.name, current)?;
        let known = self.keyspaces.get_mut(name.0).filter(|keyspace| keyspace.types.contains_key(name.1));
        let Some(keyspace) = known else {
            return if drop.if_exists {
                Ok(None)
            } else {
                invalid(format!("Type '{}.{}' doesn't exist", name.0, name.1))
            };
        };
        let used = |by: &str, names: Vec<&str>| {
            let (names, full) = (names.join(", "), format!("{}.{}", name.0, name.1));
            invalid(format!("Cannot drop user type '{full}' as it is still used by {by} {names}"))
        };
        let holds = |udt: &Rc<Udt>| udt.name != name.1 && udt.fields.iter().any(|(_, ty)| holds(ty, name.1));
        let types: Vec<&str> = keyspace.types.values().filter(|udt| holds(udt)).map(|udt| udt.name.as_str()).collect();
        if !types.is_empty() {
            return used("user types", types);
        }
        let uses = |table: &&Rc<Table>| table.columns().iter().any(|column| self::holds(&column.ty, name.1));
        let tables: Vec<&str> = keyspace.tables.values().filter(uses).map(|table| &*table.name).collect();
        if !tables.is_empty() {
            return used("tables", tables);
        }
        keyspace.types.remove(name.1);
        Ok(changed("DROPPED", name))
    }
}

/// The type of a field, with Cassandra's refusals.
fn field_type(name: &TypeName, keyspace: &Keyspace) -> Result<Type, Error> {
    if matches!(name, TypeName::User(_)) {
        return invalid("A user type cannot contain non-frozen UDTs".into());
    }
    match resolve(name, keyspace)? {
        Type::Counter => invalid("A user type cannot contain counters".into()),
        ty => Ok(ty),
    }
}

/// What a type becomes; `None` when nothing changes.
fn altered(udt: &Udt, change: &TypeChange, keyspace: &Keyspace) -> Result<Option<Udt>, Error> {
    let full = format!("{}.{}", keyspace.name, udt.name);
    let mut new = udt.clone();
    match change {
        TypeChange::Type { .. } => return invalid("Altering field types is no longer supported".into()),
        TypeChange::Add { if_not_exists, field, ty } => {
            let field = field.as_str();
            if udt.fields.iter().any(|(have, _)| have == field) {
                return if *if_not_exists {
                    Ok(None)
                } else {
                    invalid(format!(
                        "Cannot add field {field} to type {full}: a field with name {field} already exists"
                    ))
                };
            }
            let resolved = field_type(ty, keyspace)?;
            let raw = match ty {
                TypeName::Frozen(inner) => format!("frozen<{}.{inner}>", keyspace.name),
                other => other.to_string(),
            };
            if holds(&resolved, &udt.name) {
                return invalid(format!(
                    "Cannot add new field {field} of type {raw} to user type {full} as it would create a circular reference"
                ));
            }
            let keyed = |table: &&Rc<Table>| table.partition_key().iter().any(|column| holds(&column.ty, &udt.name));
            let tables: Vec<String> = keyspace.tables.values().filter(keyed).map(|table| table.full_name()).collect();
            if !tables.is_empty() {
                return invalid(format!(
                    "Cannot add new field {field} of type {ty} to user type {full} as the type is being used in partition key by the following tables: {}",
                    tables.join(", ")
                ));
            }
            if new.fields.len() >= FIELDS_MAX {
                return invalid(format!("a type may have {FIELDS_MAX} fields"));
            }
            new.fields.push((field.into(), resolved));
        }
        TypeChange::Rename { if_exists, renames } => rename(&mut new, renames, *if_exists, &full)?,
    }
    Ok(Some(new))
}

fn rename(udt: &mut Udt, renames: &[(Name, Name)], if_exists: bool, full: &str) -> Result<(), Error> {
    for (from, to) in renames {
        match udt.fields.iter_mut().find(|(field, _)| field == from.as_str()) {
            Some((field, _)) => *field = to.as_str().into(),
            None if if_exists => {}
            None => return invalid(format!("Unkown field {} in user type {full}", from.as_str())),
        }
    }
    for (at, (field, _)) in udt.fields.iter().enumerate() {
        if udt.fields.iter().take(at).any(|(before, _)| before == field) {
            // Cassandra names the keyspace where it means the type.
            return invalid(format!("Duplicate field name {field} in type {}", udt.keyspace));
        }
    }
    Ok(())
}

/// Whether a type is, or holds, the user-defined type of this name.
fn holds(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Udt(udt) => udt.name == name || udt.fields.iter().any(|(_, ty)| holds(ty, name)),
        Type::List(inner) | Type::Set(inner) | Type::Vector(inner, _) | Type::Frozen(inner) => holds(inner, name),
        Type::Map(kv) => holds(&kv.0, name) || holds(&kv.1, name),
        Type::Tuple(types) => types.iter().any(|ty| holds(ty, name)),
        _ => false,
    }
}

impl Keyspace {
    /// All user-defined types, by name.
    pub fn types(&self) -> impl Iterator<Item = &Rc<Udt>> {
        self.types.values()
    }

    /// After a type has changed: types and tables that hold it hold what it is now.
    fn renew_types(&mut self) {
        let types = self.types.clone();
        for udt in self.types.values_mut() {
            *udt = renewed_udt(udt, &types);
        }
        let types = self.types.clone();
        for table in self.tables.values_mut().filter(|table| table.columns().iter().any(|c| holds_any(&c.ty))) {
            Rc::make_mut(table).map_types(|ty| renewed(ty, &types));
        }
    }
}

fn holds_any(ty: &Type) -> bool {
    match ty {
        Type::Udt(_) => true,
        Type::List(inner) | Type::Set(inner) | Type::Vector(inner, _) | Type::Frozen(inner) => holds_any(inner),
        Type::Map(kv) => holds_any(&kv.0) || holds_any(&kv.1),
        Type::Tuple(types) => types.iter().any(holds_any),
        _ => false,
    }
}

fn renewed_udt(udt: &Rc<Udt>, types: &BTreeMap<Rc<str>, Rc<Udt>>) -> Rc<Udt> {
    let now = types.get(udt.name.as_str()).unwrap_or(udt);
    let fields = now.fields.iter().map(|(field, ty)| (field.clone(), renewed(ty, types))).collect();
    Rc::new(Udt { fields, ..(**now).clone() })
}

fn renewed(ty: &Type, types: &BTreeMap<Rc<str>, Rc<Udt>>) -> Type {
    let again = |ty: &Type| renewed(ty, types);
    match ty {
        Type::Udt(udt) => Type::Udt(renewed_udt(udt, types)),
        Type::List(inner) => Type::list(again(inner)),
        Type::Set(inner) => Type::set(again(inner)),
        Type::Map(kv) => Type::map(again(&kv.0), again(&kv.1)),
        Type::Tuple(inner) => Type::Tuple(inner.iter().map(again).collect()),
        Type::Vector(inner, size) => Type::Vector(Rc::new(again(inner)), *size),
        Type::Frozen(inner) => Type::Frozen(Rc::new(again(inner))),
        plain => plain.clone(),
    }
}
