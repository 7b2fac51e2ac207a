//! Statements about rows.

#![allow(clippy::wildcard_imports, reason = "every type of the tree is made here")]

use super::exprs::{marker, name, qualified, selector_of, term, term_of, text};
use crate::ast::*;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

pub(super) fn selection() -> BoxedStrategy<Selection> {
    let selected = (selector_of(2), option::of(name())).prop_map(|(selector, alias)| Selected { selector, alias });
    prop_oneof![Just(Selection::All), vec(selected, 1..3).prop_map(Selection::Some)].boxed()
}

fn comparison() -> BoxedStrategy<Comparison> {
    use Comparison::*;
    select(&[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual][..]).boxed()
}

fn values() -> BoxedStrategy<Values> {
    prop_oneof![vec(term(), 0..3).prop_map(Values::Listed), marker().prop_map(Values::Marker)].boxed()
}

pub(super) fn relation() -> BoxedStrategy<Relation> {
    let tuple = || vec(term_of(1), 1..3).prop_map(Expr::Tuple);
    let markers = vec(marker().prop_map(Expr::Marker), 1..3);
    let columns = || vec(name(), 1..3);
    let tuples = prop_oneof![
        vec(tuple(), 0..3).prop_map(Values::Listed),
        markers.prop_map(Values::Listed),
        marker().prop_map(Values::Marker),
    ];
    let on_column = prop_oneof![
        (comparison(), term()).prop_map(|(comparison, term)| Test::Compare(comparison, term)),
        values().prop_map(Test::In),
        term().prop_map(Test::Contains),
        term().prop_map(Test::ContainsKey),
        term().prop_map(Test::Like),
        Just(Test::IsNotNull),
    ];
    let compare = |comparison, term| Test::Compare(comparison, term);
    prop_oneof![
        3 => (name(), on_column).prop_map(|(column, test)| Relation { subject: Subject::Column(column), test }),
        1 => (name(), term(), comparison(), term()).prop_map(move |(column, key, comparison, term)| Relation {
            subject: Subject::Element(column, key),
            test: compare(comparison, term),
        }),
        1 => (columns(), comparison(), term()).prop_map(move |(columns, comparison, term)| Relation {
            subject: Subject::Token(columns),
            test: compare(comparison, term),
        }),
        1 => (columns(), comparison(), prop_oneof![tuple(), marker().prop_map(Expr::Marker)]).prop_map(
            move |(columns, comparison, term)| Relation {
                subject: Subject::Tuple(columns),
                test: compare(comparison, term),
            }
        ),
        1 => (columns(), tuples)
            .prop_map(|(columns, values)| Relation { subject: Subject::Tuple(columns), test: Test::In(values) }),
        1 => (name(), term()).prop_map(|(name, term)| Relation {
            subject: Subject::Index(Qualified { keyspace: None, name }),
            test: Test::Expression(term),
        }),
    ]
    .boxed()
}

fn condition() -> BoxedStrategy<Condition> {
    let compare = || (comparison(), term()).prop_map(|(comparison, term)| Test::Compare(comparison, term));
    let part = || prop_oneof![compare(), values().prop_map(Test::In)];
    let whole = prop_oneof![part(), term().prop_map(Test::Contains), term().prop_map(Test::ContainsKey)];
    let one = prop_oneof![
        (name(), whole).prop_map(|(column, test)| Relation { subject: Subject::Column(column), test }),
        (name(), term(), part())
            .prop_map(|(column, key, test)| Relation { subject: Subject::Element(column, key), test }),
        (name(), name(), part())
            .prop_map(|(column, field, test)| Relation { subject: Subject::Field(column, field), test }),
    ];
    prop_oneof![Just(Condition::None), Just(Condition::Exists), vec(one, 1..3).prop_map(Condition::All)].boxed()
}

fn int_value() -> BoxedStrategy<Term> {
    prop_oneof![any::<i64>().prop_map(|value| Expr::Literal(Literal::Integer(value))), marker().prop_map(Expr::Marker)]
        .boxed()
}

pub(super) fn using(with_ttl: bool) -> BoxedStrategy<Attributes> {
    let timeout = || Just(Attribute::Timeout(Expr::Literal(Literal::Duration(Rc::from("5s")))));
    let plain = prop_oneof![int_value().prop_map(Attribute::Timestamp), timeout()].boxed();
    let any_one = prop_oneof![plain.clone(), int_value().prop_map(Attribute::Ttl)].boxed();
    vec(if with_ttl { any_one } else { plain }, if with_ttl { 0..3 } else { 0..2 }).prop_map(Attributes).boxed()
}

pub(super) fn select_statement() -> BoxedStrategy<Statement> {
    let order = (name(), option::of(term()), any::<bool>()).prop_map(|(column, ann_of, descending)| Ordering {
        column,
        ann_of,
        descending,
    });
    let flags = any::<[bool; 5]>();
    let limits = (option::of(int_value()), option::of(int_value()));
    let head = (flags, selection(), qualified(), vec(relation(), 0..3));
    (head, vec(selector_of(1), 0..2), vec(order, 0..3), limits)
        .prop_map(|((flags, selection, from, relations), group_by, order_by, (per_partition_limit, limit))| {
            let [json, distinct, mutation_fragments, allow_filtering, bypass_cache] = flags;
            Statement::Select(Box::new(Select {
                json,
                distinct,
                selection,
                from,
                mutation_fragments,
                relations,
                group_by,
                order_by,
                per_partition_limit,
                limit,
                allow_filtering,
                bypass_cache,
                using: Attributes::default(),
            }))
        })
        .boxed()
}

pub(super) fn modification() -> BoxedStrategy<Modification> {
    let document = prop_oneof![text().prop_map(JsonValue::Text), marker().prop_map(JsonValue::Marker)];
    let default = select(&[JsonDefault::Null, JsonDefault::Unset][..]);
    let source = prop_oneof![
        (vec(name(), 1..3), vec(term(), 1..3)).prop_map(|(columns, values)| InsertSource::Values { columns, values }),
        (document, default).prop_map(|(value, default)| InsertSource::Json { value, default }),
    ];
    let insert = (qualified(), source, any::<bool>(), using(true)).prop_map(|(table, source, if_not_exists, using)| {
        Modification::Insert(Insert { table, source, if_not_exists, using })
    });
    let update = (qualified(), using(true), assignments(), vec(relation(), 1..3), condition()).prop_map(
        |(table, using, assignments, relations, condition)| {
            Modification::Update(Update { table, using, assignments, relations, condition })
        },
    );
    let deletion = prop_oneof![
        name().prop_map(Deletion::Column),
        (name(), term()).prop_map(|(column, key)| Deletion::Element(column, key)),
        (name(), name()).prop_map(|(column, field)| Deletion::Field(column, field)),
    ];
    let delete = (vec(deletion, 0..3), qualified(), using(false), vec(relation(), 1..3), condition()).prop_map(
        |(targets, table, using, relations, condition)| {
            Modification::Delete(Delete { targets, table, using, relations, condition })
        },
    );
    prop_oneof![insert, update, delete].boxed()
}

/// Assignments of different columns, so that none clash.
fn assignments() -> BoxedStrategy<Vec<Assignment>> {
    let one = |column: &'static str| {
        let column = Name::from(column);
        (0..6, term(), term(), name()).prop_map(move |(kind, a, b, field)| {
            let column = column.clone();
            match kind {
                0 => Assignment::Set(column, a),
                1 => Assignment::Add(column, a),
                2 => Assignment::Subtract(column, a),
                3 => Assignment::Prepend(column, a),
                4 => Assignment::Element(column, a, b),
                _ => Assignment::Field(column, field, a),
            }
        })
    };
    (one("json"), option::of(one("b c")))
        .prop_map(|(first, second)| core::iter::once(first).chain(second).collect())
        .boxed()
}
