//! Roles, users, identities and permissions.

use super::{Literal, Name, Qualified, TypeName};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// A statement about who may do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// `CREATE ROLE` or `CREATE USER`; the flag is `IF NOT EXISTS`.
    CreateRole(bool, Role),
    /// `ALTER ROLE` or `ALTER USER`; the flag is `IF EXISTS`.
    AlterRole(bool, Role),
    /// `DROP ROLE` or `DROP USER`; the flag is `IF EXISTS`.
    DropRole(bool, Role),
    /// `GRANT a TO b`
    GrantRole(GrantRole),
    /// `REVOKE a FROM b`
    RevokeRole(GrantRole),
    /// `GRANT permissions ON resource TO role`
    Grant(PermissionSet, Resource, Name),
    /// `REVOKE permissions ON resource FROM role`
    Revoke(PermissionSet, Resource, Name),
    /// `LIST permissions …`
    ListPermissions(ListPermissions),
    /// `LIST ROLES …`
    ListRoles(ListRoles),
    /// `LIST USERS`
    ListUsers,
    /// `ADD IDENTITY …`; the flag is `IF NOT EXISTS`.
    AddIdentity(bool, Identity),
    /// `DROP IDENTITY …`; the flag is `IF EXISTS`.
    DropIdentity(bool, Rc<str>),
}

impl Access {
    /// The statement's name.
    pub fn kind(&self) -> &'static str {
        match self {
            Access::CreateRole(_, role) if role.user => "CREATE USER",
            Access::CreateRole(_, _) => "CREATE ROLE",
            Access::AlterRole(_, role) if role.user => "ALTER USER",
            Access::AlterRole(_, _) => "ALTER ROLE",
            Access::DropRole(_, role) if role.user => "DROP USER",
            Access::DropRole(_, _) => "DROP ROLE",
            Access::GrantRole(_) | Access::Grant(_, _, _) => "GRANT",
            Access::RevokeRole(_) | Access::Revoke(_, _, _) => "REVOKE",
            Access::ListPermissions(_) => "LIST PERMISSIONS",
            Access::ListRoles(_) => "LIST ROLES",
            Access::ListUsers => "LIST USERS",
            Access::AddIdentity(_, _) => "ADD IDENTITY",
            Access::DropIdentity(_, _) => "DROP IDENTITY",
        }
    }
}

/// A role and its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Written as `USER`, the older form.
    pub user: bool,
    /// Its name; a user's name keeps its case.
    pub name: Name,
    /// Its options, as written.
    pub options: Vec<RoleOption>,
}

/// One option of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleOption {
    /// `PASSWORD = '…'`
    Password(Rc<str>),
    /// `HASHED PASSWORD = '…'`
    HashedPassword(Rc<str>),
    /// `OPTIONS = {…}`
    Options(Vec<(Literal, Literal)>),
    /// `SUPERUSER = …`
    Superuser(bool),
    /// `LOGIN = …`
    Login(bool),
    /// `ACCESS TO ALL DATACENTERS`
    AllDatacenters,
    /// `ACCESS TO DATACENTERS {…}`
    Datacenters(Vec<Rc<str>>),
    /// `ACCESS FROM ALL CIDRS`
    AllCidrs,
    /// `ACCESS FROM CIDRS {…}`
    Cidrs(Vec<Rc<str>>),
}

/// One role given to another, or taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRole {
    /// The role that is given.
    pub role: Name,
    /// Who gets or loses it.
    pub grantee: Name,
}

/// An identity of a certificate, and the role it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The identity.
    pub identity: Rc<str>,
    /// The role.
    pub role: Rc<str>,
}

/// Which permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionSet {
    /// `ALL PERMISSIONS`
    All,
    /// Those listed.
    Listed(Vec<Permission>),
}

macro_rules! permissions {
    ($($id:ident $text:literal)*) => {
        /// A permission.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission { $(#[doc = concat!("`", $text, "`")] $id),* }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Permission] = &[$(Permission::$id),*];

            /// Its keyword.
            pub fn as_str(self) -> &'static str {
                match self { $(Permission::$id => $text),* }
            }
        }
    };
}

permissions! {
    Create "CREATE"
    Alter "ALTER"
    Drop "DROP"
    Select "SELECT"
    Modify "MODIFY"
    Authorize "AUTHORIZE"
    Describe "DESCRIBE"
    Execute "EXECUTE"
    Unmask "UNMASK"
    SelectMasked "SELECT_MASKED"
}

/// What a permission is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// `ALL KEYSPACES`
    AllKeyspaces,
    /// `KEYSPACE ks`
    Keyspace(Name),
    /// `TABLE t`
    Table(Qualified),
    /// `ALL TABLES IN KEYSPACE ks`
    AllTables(Name),
    /// `ALL ROLES`
    AllRoles,
    /// `ROLE r`
    Role(Name),
    /// `ALL FUNCTIONS`, perhaps `IN KEYSPACE ks`
    AllFunctions(Option<Name>),
    /// `FUNCTION f(int)`
    Function(Qualified, Vec<TypeName>),
    /// `ALL MBEANS`
    AllMbeans,
    /// `MBEAN '…'`
    Mbean(Rc<str>),
    /// `MBEANS '…'`
    Mbeans(Rc<str>),
}

/// `LIST permissions`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPermissions {
    /// Which permissions.
    pub permissions: PermissionSet,
    /// `ON …`
    pub resource: Option<Resource>,
    /// `OF …`
    pub of: Option<Name>,
    /// `NORECURSIVE`
    pub no_recursive: bool,
}

/// `LIST ROLES`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRoles {
    /// `OF …`
    pub of: Option<Name>,
    /// `NORECURSIVE`
    pub no_recursive: bool,
}
