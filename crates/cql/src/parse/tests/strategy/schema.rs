//! Statements about the schema.

#![allow(clippy::wildcard_imports, reason = "every type of the tree is made here")]

use super::exprs::{literal, name, qualified, some_type, term, term_of, text};
use super::rows::{relation, selection};
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

fn properties() -> BoxedStrategy<Vec<Property>> {
    let word = select(&["key", "int", "values", "compact"][..]).prop_map(|word| PropertyValue::Word(Name::from(word)));
    let entries = vec((literal(), literal()), 0..3).prop_map(|entries| {
        let mut unique: Vec<(Literal, Literal)> = Vec::new();
        for (key, value) in entries {
            if unique.iter().all(|(earlier, _)| earlier.text() != key.text()) {
                unique.push((key, value));
            }
        }
        unique
    });
    let value = prop_oneof![literal().prop_map(PropertyValue::Literal), word, entries.prop_map(PropertyValue::Map)];
    vec((name(), value), 1..3)
        .prop_map(|pairs| {
            let mut unique: Vec<Property> = Vec::new();
            for (name, value) in pairs {
                if unique.iter().all(|earlier| earlier.name != name) {
                    unique.push(Property { name, value });
                }
            }
            unique
        })
        .boxed()
}

fn some_properties() -> BoxedStrategy<Vec<Property>> {
    prop_oneof![Just(Vec::new()), properties()].boxed()
}

fn primary_key() -> BoxedStrategy<PrimaryKey> {
    (vec(name(), 1..3), vec(name(), 0..3))
        .prop_map(|(partition, clustering)| PrimaryKey { partition, clustering })
        .boxed()
}

fn mask() -> BoxedStrategy<ColumnMask> {
    prop_oneof![
        Just(ColumnMask::Default),
        (qualified(), vec(term_of(1), 0..2)).prop_map(|(name, arguments)| ColumnMask::Function(name, arguments)),
    ]
    .boxed()
}

fn column_definition() -> BoxedStrategy<ColumnDefinition> {
    (name(), some_type(), any::<bool>(), option::of(mask()))
        .prop_map(|(name, ty, is_static, mask)| ColumnDefinition { name, ty, is_static, mask })
        .boxed()
}

fn order() -> BoxedStrategy<Vec<(Name, bool)>> {
    vec((name(), any::<bool>()), 0..3).boxed()
}

pub(super) fn schema() -> BoxedStrategy<Statement> {
    let flag = any::<bool>;
    let create_table = (
        (flag(), qualified(), vec(column_definition(), 1..4), vec(primary_key(), 0..2)),
        (order(), flag(), some_properties()),
    )
        .prop_map(
            |((if_not_exists, name, columns, primary_keys), (clustering_order, compact_storage, properties))| {
                Statement::CreateTable(Box::new(CreateTable {
                    if_not_exists,
                    name,
                    columns,
                    primary_keys,
                    clustering_order,
                    compact_storage,
                    properties,
                }))
            },
        );
    let renames = || vec((name(), name()), 1..3);
    let table_change = prop_oneof![
        (name(), some_type()).prop_map(|(column, ty)| TableChange::Type { column, ty }),
        (flag(), name(), option::of(mask())).prop_map(|(if_exists, column, mask)| TableChange::Mask {
            if_exists,
            column,
            mask
        }),
        (flag(), vec(column_definition(), 1..3))
            .prop_map(|(if_not_exists, columns)| TableChange::Add { if_not_exists, columns }),
        (flag(), vec(name(), 1..3), option::of(any::<i64>()))
            .prop_map(|(if_exists, columns, timestamp)| TableChange::Drop { if_exists, columns, timestamp }),
        (flag(), renames()).prop_map(|(if_exists, renames)| TableChange::Rename { if_exists, renames }),
        Just(TableChange::DropCompactStorage),
        properties().prop_map(TableChange::With),
    ];
    let type_change = prop_oneof![
        (name(), some_type()).prop_map(|(field, ty)| TypeChange::Type { field, ty }),
        (flag(), name(), some_type()).prop_map(|(if_not_exists, field, ty)| TypeChange::Add {
            if_not_exists,
            field,
            ty
        }),
        (flag(), renames()).prop_map(|(if_exists, renames)| TypeChange::Rename { if_exists, renames }),
    ];
    use IndexTargetKind::*;
    let target = (select(&[Simple, Values, Keys, Entries, Full][..]), name())
        .prop_map(|(kind, column)| IndexTarget { kind, column });
    let create_index =
        ((flag(), flag(), option::of(name()), qualified()), (vec(target, 0..3), option::of(text()), some_properties()))
            .prop_map(|((custom, if_not_exists, name, table), (targets, using, properties))| {
                Statement::CreateIndex(Box::new(CreateIndex {
                    custom,
                    if_not_exists,
                    name,
                    table,
                    targets,
                    using,
                    properties,
                }))
            });
    let create_view = (
        (flag(), qualified(), selection(), qualified()),
        (vec(relation(), 0..3), primary_key(), order(), some_properties()),
    )
        .prop_map(
            |((if_not_exists, name, selection, from), (relations, primary_key, clustering_order, properties))| {
                Statement::CreateView(Box::new(CreateView {
                    if_not_exists,
                    name,
                    selection,
                    from,
                    relations,
                    primary_key,
                    clustering_order,
                    properties,
                }))
            },
        );
    let dropped = select(&[Dropped::Table, Dropped::Type, Dropped::Index, Dropped::View][..]);
    prop_oneof![
        (flag(), name(), properties()).prop_map(|(if_not_exists, name, properties)| Statement::CreateKeyspace(
            CreateKeyspace { if_not_exists, name, properties }
        )),
        (flag(), name(), properties()).prop_map(|(if_exists, name, properties)| Statement::AlterKeyspace(
            AlterKeyspace { if_exists, name, properties }
        )),
        (flag(), name()).prop_map(|(if_exists, name)| Statement::DropKeyspace(DropKeyspace { if_exists, name })),
        create_table,
        (flag(), qualified(), table_change).prop_map(|(if_exists, name, change)| Statement::AlterTable(Box::new(
            AlterTable { if_exists, name, change }
        ))),
        (flag(), qualified(), vec((name(), some_type()), 1..4)).prop_map(|(if_not_exists, name, fields)| {
            Statement::CreateType(CreateType { if_not_exists, name, fields })
        }),
        (flag(), qualified(), type_change).prop_map(|(if_exists, name, change)| Statement::AlterType(Box::new(
            AlterType { if_exists, name, change }
        ))),
        create_index,
        create_view,
        (flag(), qualified(), properties()).prop_map(|(if_exists, name, properties)| Statement::AlterView(AlterView {
            if_exists,
            name,
            properties
        })),
        (dropped, flag(), qualified()).prop_map(|(what, if_exists, name)| Statement::Drop(Drop {
            what,
            if_exists,
            name
        })),
    ]
    .boxed()
}

pub(super) fn routines() -> BoxedStrategy<Statement> {
    let flag = any::<bool>;
    let head = || (flag(), flag(), qualified());
    let function = (head(), vec((name(), some_type()), 0..3), flag(), some_type(), text()).prop_map(
        |((or_replace, if_not_exists, name), arguments, called_on_null, returns, body)| {
            Statement::CreateFunction(Box::new(CreateFunction {
                or_replace,
                if_not_exists,
                name,
                arguments,
                called_on_null,
                returns,
                language: Name::from("java"),
                body,
            }))
        },
    );
    let aggregate = (head(), vec(some_type(), 0..3), (name(), some_type()), option::of(name()), option::of(term()))
        .prop_map(|((or_replace, if_not_exists, name), arguments, state, final_function, initial)| {
            let (state_function, state_type) = state;
            Statement::CreateAggregate(Box::new(CreateAggregate {
                or_replace,
                if_not_exists,
                name,
                arguments,
                state_function,
                state_type,
                final_function,
                initial,
            }))
        });
    let what = select(&[Routine::Function, Routine::Aggregate][..]);
    let drop = (what, flag(), qualified(), option::of(vec(some_type(), 0..3))).prop_map(
        |(what, if_exists, name, arguments)| Statement::DropRoutine(DropRoutine { what, if_exists, name, arguments }),
    );
    let create_trigger = (flag(), name(), qualified(), text()).prop_map(|(if_not_exists, name, table, using)| {
        Statement::CreateTrigger(CreateTrigger { if_not_exists, name, table, using })
    });
    let drop_trigger = (flag(), name(), qualified())
        .prop_map(|(if_exists, name, table)| Statement::DropTrigger(DropTrigger { if_exists, name, table }));
    prop_oneof![function, aggregate, drop, create_trigger, drop_trigger].boxed()
}
