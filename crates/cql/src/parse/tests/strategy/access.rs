//! Statements about roles, and the commands of cqlsh.

#![allow(clippy::wildcard_imports, reason = "every type of the tree is made here")]

use super::exprs::{literal, name, qualified, some_type, text};
use crate::Consistency;
use crate::ast::*;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

pub(super) fn access() -> BoxedStrategy<Statement> {
    let flag = any::<bool>;
    let role_name = || prop_oneof![name(), text().prop_map(Name::from)];
    let strings = || vec(text(), 1..3);
    let option = prop_oneof![
        text().prop_map(RoleOption::Password),
        vec((literal(), literal()), 0..2).prop_map(RoleOption::Options),
        flag().prop_map(RoleOption::Login),
        Just(RoleOption::AllDatacenters),
        strings().prop_map(RoleOption::Datacenters),
        Just(RoleOption::AllCidrs),
        strings().prop_map(RoleOption::Cidrs),
    ];
    let role = (role_name(), option::of(option)).prop_map(|(name, option)| Role {
        user: false,
        name,
        options: option.into_iter().collect(),
    });
    let user = (role_name(), option::of(text()), option::of(flag())).prop_map(|(name, password, superuser)| {
        let password = password.map(RoleOption::HashedPassword);
        Role { user: true, name, options: password.into_iter().chain(superuser.map(RoleOption::Superuser)).collect() }
    });
    let role = prop_oneof![role, user].boxed();
    let permissions =
        || prop_oneof![Just(PermissionSet::All), vec(select(Permission::ALL), 1..3).prop_map(PermissionSet::Listed)];
    let resource = prop_oneof![
        Just(Resource::AllKeyspaces),
        name().prop_map(Resource::Keyspace),
        qualified().prop_map(Resource::Table),
        name().prop_map(Resource::AllTables),
        Just(Resource::AllRoles),
        role_name().prop_map(Resource::Role),
        option::of(name()).prop_map(Resource::AllFunctions),
        (qualified(), vec(some_type(), 0..2)).prop_map(|(name, arguments)| Resource::Function(name, arguments)),
        Just(Resource::AllMbeans),
        text().prop_map(Resource::Mbean),
        text().prop_map(Resource::Mbeans),
    ]
    .boxed();
    let pair = || (role_name(), role_name()).prop_map(|(role, grantee)| GrantRole { role, grantee });
    let list = (permissions(), option::of(resource.clone()), option::of(role_name()), flag()).prop_map(
        |(permissions, resource, of, no_recursive)| ListPermissions { permissions, resource, of, no_recursive },
    );
    prop_oneof![
        (flag(), role.clone()).prop_map(|(flag, role)| Access::CreateRole(flag, role)),
        (flag(), role.clone()).prop_map(|(flag, role)| Access::AlterRole(flag, role)),
        (flag(), role).prop_map(|(flag, role)| Access::DropRole(flag, Role { options: Vec::new(), ..role })),
        pair().prop_map(Access::GrantRole),
        pair().prop_map(Access::RevokeRole),
        (permissions(), resource.clone(), role_name()).prop_map(|(set, what, role)| Access::Grant(set, what, role)),
        (permissions(), resource, role_name()).prop_map(|(set, what, role)| Access::Revoke(set, what, role)),
        list.prop_map(Access::ListPermissions),
        (option::of(role_name()), flag())
            .prop_map(|(of, no_recursive)| Access::ListRoles(ListRoles { of, no_recursive })),
        Just(Access::ListUsers),
        (flag(), text(), text())
            .prop_map(|(flag, identity, role)| Access::AddIdentity(flag, Identity { identity, role })),
        (flag(), text()).prop_map(|(flag, identity)| Access::DropIdentity(flag, identity)),
    ]
    .prop_map(|access| Statement::Access(Box::new(access)))
    .boxed()
}

pub(super) fn shell() -> BoxedStrategy<Statement> {
    let level = || option::of(select(&Consistency::ALL[..]));
    let switch = || option::of(any::<bool>());
    let shell = prop_oneof![
        level().prop_map(Shell::Consistency),
        level().prop_map(Shell::SerialConsistency),
        option::of(any::<u32>()).prop_map(Shell::Paging),
        switch().prop_map(Shell::Tracing),
        switch().prop_map(Shell::Expand),
        select(&["COPY", "SOURCE", "LOGIN", "CAPTURE"][..]).prop_map(Shell::Refused),
    ];
    use DescribeTarget::*;
    let target = prop_oneof![
        select(&[Cluster, Schema, FullSchema, Keyspaces, Tables, Types, Functions, Aggregates][..]),
        option::of(name()).prop_map(|name| Keyspace(false, name)),
        option::of(name()).prop_map(|name| Keyspace(true, name)),
        qualified().prop_map(Table),
        qualified().prop_map(Index),
        qualified().prop_map(View),
        qualified().prop_map(Type),
        qualified().prop_map(Function),
        qualified().prop_map(Aggregate),
        qualified().prop_map(Any),
    ];
    let describe =
        (target, any::<bool>()).prop_map(|(target, internals)| Statement::Describe(Described { target, internals }));
    prop_oneof![shell.prop_map(Statement::Shell), describe].boxed()
}
