//! Roles, users, identities and permissions.

use super::schema::map;
use super::{Function, Joined, Quoted, is_plain, listed, name, when};
use crate::ast::{Access, Name, Permission, PermissionSet, Resource, Role, RoleOption};
use crate::lex::Keyword;
use alloc::rc::Rc;
use core::fmt::{Display, Formatter, Result};

/// A role's name. As some keywords would be read as permissions, all are quoted; the empty name is a string.
struct RoleName<'a>(&'a Name);

impl Display for RoleName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.0.is_empty() { f.write_str("''") } else { name(f, self.0, |_| true) }
    }
}

/// A user or an identity: a plain word, or else a string.
struct UserName<'a>(&'a str);

impl Display for UserName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if is_plain(self.0) && Keyword::of(self.0.as_bytes()).is_none() {
            f.write_str(self.0)
        } else {
            Quoted(self.0).fmt(f)
        }
    }
}

impl Display for Access {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Access::CreateRole(if_not_exists, role) => {
                f.write_str("CREATE ")?;
                show_role(f, role, *if_not_exists, "IF NOT EXISTS ")
            }
            Access::AlterRole(if_exists, role) => {
                f.write_str("ALTER ")?;
                show_role(f, role, *if_exists, "IF EXISTS ")
            }
            Access::DropRole(if_exists, role) => {
                f.write_str("DROP ")?;
                show_role(f, role, *if_exists, "IF EXISTS ")
            }
            Access::GrantRole(grant) => write!(f, "GRANT {} TO {}", RoleName(&grant.role), RoleName(&grant.grantee)),
            Access::RevokeRole(grant) => {
                write!(f, "REVOKE {} FROM {}", RoleName(&grant.role), RoleName(&grant.grantee))
            }
            Access::Grant(permissions, resource, role) => {
                write!(f, "GRANT {permissions} ON {resource} TO {}", RoleName(role))
            }
            Access::Revoke(permissions, resource, role) => {
                write!(f, "REVOKE {permissions} ON {resource} FROM {}", RoleName(role))
            }
            Access::ListPermissions(list) => {
                write!(f, "LIST {}", list.permissions)?;
                if let Some(resource) = &list.resource {
                    write!(f, " ON {resource}")?;
                }
                of_role(f, &list.of, list.no_recursive)
            }
            Access::ListRoles(list) => {
                f.write_str("LIST ROLES")?;
                of_role(f, &list.of, list.no_recursive)
            }
            Access::ListUsers => f.write_str("LIST USERS"),
            Access::AddIdentity(if_not_exists, identity) => {
                f.write_str("ADD IDENTITY ")?;
                when(f, *if_not_exists, "IF NOT EXISTS ")?;
                write!(f, "{} TO ROLE {}", UserName(&identity.identity), UserName(&identity.role))
            }
            Access::DropIdentity(if_exists, identity) => {
                f.write_str("DROP IDENTITY ")?;
                when(f, *if_exists, "IF EXISTS ")?;
                UserName(identity).fmt(f)
            }
        }
    }
}

fn of_role(f: &mut Formatter<'_>, of: &Option<Name>, no_recursive: bool) -> Result {
    if let Some(role) = of {
        write!(f, " OF {}", RoleName(role))?;
    }
    when(f, no_recursive, " NORECURSIVE")
}

fn show_role(f: &mut Formatter<'_>, role: &Role, flag: bool, word: &str) -> Result {
    f.write_str(if role.user { "USER " } else { "ROLE " })?;
    when(f, flag, word)?;
    if role.user {
        UserName(&role.name).fmt(f)?;
        return role.options.iter().try_for_each(|option| match option {
            RoleOption::Password(word) => write!(f, " WITH PASSWORD {}", Quoted(word)),
            RoleOption::HashedPassword(word) => write!(f, " WITH HASHED PASSWORD {}", Quoted(word)),
            RoleOption::Superuser(true) => f.write_str(" SUPERUSER"),
            RoleOption::Superuser(false) => f.write_str(" NOSUPERUSER"),
            // The older form has no words for the others.
            RoleOption::Options(_)
            | RoleOption::Login(_)
            | RoleOption::AllDatacenters
            | RoleOption::Datacenters(_)
            | RoleOption::AllCidrs
            | RoleOption::Cidrs(_) => Ok(()),
        });
    }
    RoleName(&role.name).fmt(f)?;
    if role.options.is_empty() {
        return Ok(());
    }
    write!(f, " WITH {}", Joined(&role.options, " AND "))
}

impl Display for RoleOption {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let strings = |f: &mut Formatter<'_>, strings: &[Rc<str>]| {
            f.write_str("{")?;
            listed(f, strings, |one, f| Quoted(one).fmt(f))?;
            f.write_str("}")
        };
        match self {
            RoleOption::Password(word) => write!(f, "PASSWORD = {}", Quoted(word)),
            RoleOption::HashedPassword(word) => write!(f, "HASHED PASSWORD = {}", Quoted(word)),
            RoleOption::Options(entries) => {
                f.write_str("OPTIONS = ")?;
                map(f, entries)
            }
            RoleOption::Superuser(value) => write!(f, "SUPERUSER = {value}"),
            RoleOption::Login(value) => write!(f, "LOGIN = {value}"),
            RoleOption::AllDatacenters => f.write_str("ACCESS TO ALL DATACENTERS"),
            RoleOption::Datacenters(names) => {
                f.write_str("ACCESS TO DATACENTERS ")?;
                strings(f, names)
            }
            RoleOption::AllCidrs => f.write_str("ACCESS FROM ALL CIDRS"),
            RoleOption::Cidrs(groups) => {
                f.write_str("ACCESS FROM CIDRS ")?;
                strings(f, groups)
            }
        }
    }
}

impl Display for PermissionSet {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            PermissionSet::All => f.write_str("ALL PERMISSIONS"),
            PermissionSet::Listed(listed) => Joined(listed, ", ").fmt(f),
        }
    }
}

impl Display for Permission {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.as_str())
    }
}

impl Display for Resource {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Resource::AllKeyspaces => f.write_str("ALL KEYSPACES"),
            Resource::Keyspace(name) => write!(f, "KEYSPACE {name}"),
            Resource::Table(name) => write!(f, "TABLE {name}"),
            Resource::AllTables(name) => write!(f, "ALL TABLES IN KEYSPACE {name}"),
            Resource::AllRoles => f.write_str("ALL ROLES"),
            Resource::Role(name) => write!(f, "ROLE {}", RoleName(name)),
            Resource::AllFunctions(None) => f.write_str("ALL FUNCTIONS"),
            Resource::AllFunctions(Some(name)) => write!(f, "ALL FUNCTIONS IN KEYSPACE {name}"),
            Resource::Function(name, arguments) => {
                write!(f, "FUNCTION {}({})", Function(name), Joined(arguments, ", "))
            }
            Resource::AllMbeans => f.write_str("ALL MBEANS"),
            Resource::Mbean(name) => write!(f, "MBEAN {}", Quoted(name)),
            Resource::Mbeans(pattern) => write!(f, "MBEANS {}", Quoted(pattern)),
        }
    }
}
