//! Roles, users, identities and permissions.

use super::cursor::{Cursor, Parsed};
use crate::ast::{
    Access, GrantRole, Identity, ListPermissions, ListRoles, Name, Permission, PermissionSet, Resource, Role,
    RoleOption, Statement,
};
use crate::lex::{Keyword, Span, Tok};
use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

fn access(access: Access) -> Parsed<Statement> {
    Ok(Statement::Access(Box::new(access)))
}

type IsOption = fn(&RoleOption) -> bool;

/// The options that are properties, and how to know them.
const PROPERTIES: [(&str, IsOption); 5] = [
    ("PASSWORD", |option| matches!(option, RoleOption::Password(_))),
    ("HASHED_PASSWORD", |option| matches!(option, RoleOption::HashedPassword(_))),
    ("OPTIONS", |option| matches!(option, RoleOption::Options(_))),
    ("SUPERUSER", |option| matches!(option, RoleOption::Superuser(_))),
    ("LOGIN", |option| matches!(option, RoleOption::Login(_))),
];

/// The permission a token names.
fn permission(kind: Tok) -> Option<Permission> {
    let Tok::Keyword(keyword) = kind else { return None };
    Permission::ALL.iter().copied().find(|permission| permission.as_str() == keyword.text())
}

impl Cursor<'_> {
    pub(super) fn create_role(&mut self, user: bool) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        access(Access::CreateRole(if_not_exists, self.role(user)?))
    }

    pub(super) fn alter_role(&mut self, user: bool) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        access(Access::AlterRole(if_exists, self.role(user)?))
    }

    pub(super) fn drop_role(&mut self, user: bool) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        let name = if user { Name::from(self.user_name()?) } else { self.role_name()? };
        access(Access::DropRole(if_exists, Role { user, name, options: Vec::new() }))
    }

    fn role(&mut self, user: bool) -> Parsed<Role> {
        let name = if user { Name::from(self.user_name()?) } else { self.role_name()? };
        let at = self.span();
        let mut options = Vec::new();
        if user {
            if self.eat(Keyword::With) {
                let hashed = self.eat(Keyword::Hashed);
                self.expect(Keyword::Password)?;
                let word = self.string()?;
                options.push(if hashed { RoleOption::HashedPassword(word) } else { RoleOption::Password(word) });
            }
            if self.eat(Keyword::Superuser) {
                options.push(RoleOption::Superuser(true));
            } else if self.eat(Keyword::Nosuperuser) {
                options.push(RoleOption::Superuser(false));
            }
        } else if self.eat(Keyword::With) {
            options = self.joined(Self::role_option)?;
        }
        self.check_options(at, &options)?;
        Ok(Role { user, name, options })
    }

    /// Each property is set once, and a password is either plain or hashed.
    fn check_options(&self, at: Span, options: &[RoleOption]) -> Parsed<()> {
        for (property, is_it) in PROPERTIES {
            if options.iter().filter(|option| is_it(option)).count() > 1 {
                return self.refuse(at, alloc::format!("Multiple definition for property '{property}'"));
            }
        }
        let has = |is_it: IsOption| options.iter().any(is_it);
        if has(|option| matches!(option, RoleOption::Password(_)))
            && has(|option| matches!(option, RoleOption::HashedPassword(_)))
        {
            let reason = "Options 'password' and 'hashed password' are mutually exclusive";
            return self.refuse(at, reason.to_string());
        }
        Ok(())
    }

    fn role_option(&mut self) -> Parsed<RoleOption> {
        if self.eat(Keyword::Password) {
            self.expect_symbol(Tok::Equal)?;
            return Ok(RoleOption::Password(self.string()?));
        }
        if self.eat(Keyword::Hashed) {
            self.expect(Keyword::Password)?;
            self.expect_symbol(Tok::Equal)?;
            return Ok(RoleOption::HashedPassword(self.string()?));
        }
        if self.eat(Keyword::Options) {
            self.expect_symbol(Tok::Equal)?;
            return Ok(RoleOption::Options(self.property_map()?));
        }
        if self.eat(Keyword::Superuser) {
            return Ok(RoleOption::Superuser(self.equals_boolean()?));
        }
        if self.eat(Keyword::Login) {
            return Ok(RoleOption::Login(self.equals_boolean()?));
        }
        self.expect(Keyword::Access)?;
        if self.eat(Keyword::To) {
            if self.eat(Keyword::All) {
                self.expect(Keyword::Datacenters)?;
                return Ok(RoleOption::AllDatacenters);
            }
            self.expect(Keyword::Datacenters)?;
            return Ok(RoleOption::Datacenters(self.strings()?));
        }
        self.expect(Keyword::From)?;
        if self.eat(Keyword::All) {
            self.expect(Keyword::Cidrs)?;
            return Ok(RoleOption::AllCidrs);
        }
        self.expect(Keyword::Cidrs)?;
        Ok(RoleOption::Cidrs(self.strings()?))
    }

    fn equals_boolean(&mut self) -> Parsed<bool> {
        self.expect_symbol(Tok::Equal)?;
        if self.eat(Keyword::True) {
            return Ok(true);
        }
        self.expect(Keyword::False)?;
        Ok(false)
    }

    /// `{'a', 'b'}`
    fn strings(&mut self) -> Parsed<Vec<alloc::rc::Rc<str>>> {
        self.expect_symbol(Tok::OpenBrace)?;
        let strings = self.listed(Self::string)?;
        self.expect_symbol(Tok::CloseBrace)?;
        Ok(strings)
    }

    pub(super) fn grant(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.permissions_begin() {
            let permissions = self.permissions()?;
            self.expect(Keyword::On)?;
            let resource = self.resource()?;
            self.expect(Keyword::To)?;
            return access(Access::Grant(permissions, resource, self.role_name()?));
        }
        let role = self.role_name()?;
        self.expect(Keyword::To)?;
        access(Access::GrantRole(GrantRole { role, grantee: self.role_name()? }))
    }

    pub(super) fn revoke(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.permissions_begin() {
            let permissions = self.permissions()?;
            self.expect(Keyword::On)?;
            let resource = self.resource()?;
            self.expect(Keyword::From)?;
            return access(Access::Revoke(permissions, resource, self.role_name()?));
        }
        let role = self.role_name()?;
        self.expect(Keyword::From)?;
        access(Access::RevokeRole(GrantRole { role, grantee: self.role_name()? }))
    }

    /// Some permissions' words may also be roles: those are roles when `TO` or `FROM` follows.
    fn permissions_begin(&mut self) -> bool {
        let is_permission = permission(self.kind()).is_some() || self.kind() == Tok::Keyword(Keyword::All);
        if !is_permission {
            self.note("a permission");
        }
        is_permission && !matches!(self.next_kind(), Tok::Keyword(Keyword::To | Keyword::From))
    }

    fn permissions(&mut self) -> Parsed<PermissionSet> {
        if self.eat(Keyword::All) {
            self.eat(Keyword::Permissions);
            return Ok(PermissionSet::All);
        }
        let listed = self.listed(|cursor| match permission(cursor.kind()) {
            Some(permission) => {
                cursor.advance();
                cursor.eat(Keyword::Permission);
                Ok(permission)
            }
            None => cursor.unexpected(&["a permission"]),
        })?;
        Ok(PermissionSet::Listed(listed))
    }

    fn resource(&mut self) -> Parsed<Resource> {
        let next = self.next_kind();
        let is_table_name = matches!(next, Tok::Dot | Tok::Keyword(Keyword::To | Keyword::From));
        if is_table_name {
            return Ok(Resource::Table(self.qualified()?));
        }
        if self.eat(Keyword::All) {
            return self.all_resources();
        }
        if self.eat(Keyword::Keyspace) {
            return Ok(Resource::Keyspace(self.name()?));
        }
        if self.eat(Keyword::Role) {
            return Ok(Resource::Role(self.role_name()?));
        }
        if self.eat(Keyword::Function) {
            let function = self.qualified_function()?;
            return Ok(Resource::Function(function, self.enclosed(Self::type_name)?));
        }
        if self.eat(Keyword::Mbean) {
            return Ok(Resource::Mbean(self.string()?));
        }
        if self.eat(Keyword::Mbeans) {
            return Ok(Resource::Mbeans(self.string()?));
        }
        self.table_keyword();
        Ok(Resource::Table(self.qualified()?))
    }

    fn all_resources(&mut self) -> Parsed<Resource> {
        if self.eat(Keyword::Keyspaces) {
            return Ok(Resource::AllKeyspaces);
        }
        if self.eat(Keyword::Roles) {
            return Ok(Resource::AllRoles);
        }
        if self.eat(Keyword::Mbeans) {
            return Ok(Resource::AllMbeans);
        }
        if self.eat(Keyword::Functions) {
            if !self.eat(Keyword::In) {
                return Ok(Resource::AllFunctions(None));
            }
            self.expect(Keyword::Keyspace)?;
            return Ok(Resource::AllFunctions(Some(self.name()?)));
        }
        if !self.eat(Keyword::Columnfamilies) {
            self.expect(Keyword::Tables)?;
        }
        self.expect(Keyword::In)?;
        self.expect(Keyword::Keyspace)?;
        Ok(Resource::AllTables(self.name()?))
    }

    pub(super) fn list(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.eat(Keyword::Users) {
            return access(Access::ListUsers);
        }
        if self.eat(Keyword::Roles) {
            let of = self.of_role()?;
            let no_recursive = self.eat(Keyword::Norecursive);
            return access(Access::ListRoles(ListRoles { of, no_recursive }));
        }
        self.note(Keyword::All.text());
        let permissions = self.permissions()?;
        let resource = if self.eat(Keyword::On) { Some(self.listed_resource()?) } else { None };
        let of = self.of_role()?;
        let no_recursive = self.eat(Keyword::Norecursive);
        access(Access::ListPermissions(ListPermissions { permissions, resource, of, no_recursive }))
    }

    /// As [`Cursor::resource`], where `OF`, `NORECURSIVE` or the end may follow.
    fn listed_resource(&mut self) -> Parsed<Resource> {
        match self.next_kind() {
            Tok::End | Tok::Semicolon | Tok::Keyword(Keyword::Of | Keyword::Norecursive) => {
                Ok(Resource::Table(self.qualified()?))
            }
            _ => self.resource(),
        }
    }

    fn of_role(&mut self) -> Parsed<Option<Name>> {
        if self.eat(Keyword::Of) { Ok(Some(self.role_name()?)) } else { Ok(None) }
    }

    pub(super) fn add_identity(&mut self) -> Parsed<Statement> {
        self.advance();
        self.expect(Keyword::Identity)?;
        let if_not_exists = self.if_not_exists()?;
        let identity = self.user_name()?;
        self.expect(Keyword::To)?;
        self.expect(Keyword::Role)?;
        access(Access::AddIdentity(if_not_exists, Identity { identity, role: self.user_name()? }))
    }

    pub(super) fn drop_identity(&mut self) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        access(Access::DropIdentity(if_exists, self.user_name()?))
    }
}
