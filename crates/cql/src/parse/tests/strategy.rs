//! Trees of every kind that a text can give, and soups of tokens.

#![allow(clippy::wildcard_imports, reason = "every type of the tree is made here")]

use crate::Consistency;
use crate::ast::*;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

/// Names that are plain, quoted, keywords of every class, or dangerous somewhere.
fn name() -> BoxedStrategy<Name> {
    const WORDS: &[&str] = &[
        "a",
        "b",
        "users",
        "user_id",
        "key",
        "json",
        "distinct",
        "as",
        "count",
        "ttl",
        "cast",
        "writetime",
        "expr",
        "exists",
        "text",
        "int",
        "values",
        "compact",
        "clustering",
        "all",
        "tables",
        "list",
        "map",
        "default",
        "like",
        "contains",
        "byte",
        "token",
        "select",
        "full",
        "true",
        "nan",
        "p1y",
        "deadbeef",
        "Users",
        "a b",
        "a\"b",
        "é",
        "1a",
    ];
    select(WORDS).prop_map(Name::from).boxed()
}

fn qualified() -> BoxedStrategy<Qualified> {
    (option::of(name()), name()).prop_map(|(keyspace, name)| Qualified { keyspace, name }).boxed()
}

fn text() -> BoxedStrategy<Rc<str>> {
    prop_oneof![Just(String::new()), "[a-z'$;]{0,6}", any::<String>()].prop_map(Rc::from).boxed()
}

fn literal() -> BoxedStrategy<Literal> {
    let written = |texts: &'static [&'static str]| select(texts).prop_map(Rc::from);
    prop_oneof![
        text().prop_map(Literal::Text),
        any::<i64>().prop_map(Literal::Integer),
        (0i64..100).prop_map(Literal::Integer),
        written(&["007", "-0", "-00", "99999999999999999999", "-9223372036854775809"]).prop_map(Literal::Numeral),
        written(&["1.", "1.5", "1e5", "-1.5E-3", "0.0", "NaN", "Infinity", "-Infinity"]).prop_map(Literal::Float),
        any::<bool>().prop_map(Literal::Boolean),
        any::<[u8; 16]>().prop_map(Literal::Uuid),
        written(&["", "a", "CAFE", "00"]).prop_map(Literal::Blob),
        written(&["1d", "-1y2mo", "1µs", "P1Y2M3DT4H", "PT1H", "-P1W", "P0001-02-03T04:05:06"])
            .prop_map(Literal::Duration),
    ]
    .boxed()
}

fn marker() -> BoxedStrategy<Marker> {
    option::of(name()).prop_map(|name| Marker { index: 0, name }).boxed()
}

fn native() -> BoxedStrategy<Native> {
    select(Native::ALL).boxed()
}

fn type_name(depth: u32) -> BoxedStrategy<TypeName> {
    let leaf = prop_oneof![
        native().prop_map(TypeName::Native),
        qualified().prop_map(TypeName::User),
        text().prop_map(TypeName::Custom),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || type_name(depth - 1);
    prop_oneof![
        3 => leaf,
        1 => inner().prop_map(|a| TypeName::List(Box::new(a))),
        1 => inner().prop_map(|a| TypeName::Set(Box::new(a))),
        1 => (inner(), inner()).prop_map(|parts| TypeName::Map(Box::new(parts))),
        1 => vec(inner(), 1..3).prop_map(TypeName::Tuple),
        1 => (inner(), any::<u32>()).prop_map(|(a, n)| TypeName::Vector(Box::new(a), n)),
        1 => inner().prop_filter_map("frozen<int> is refused", |a| match a {
            TypeName::Native(_) => None,
            other => Some(TypeName::Frozen(Box::new(other))),
        }),
    ]
    .boxed()
}

fn some_type() -> BoxedStrategy<TypeName> {
    type_name(2)
}

/// `operand op operand …` by rank: what the two languages share.
fn arithmetic<R: core::fmt::Debug + Clone + 'static>(operand: BoxedStrategy<Expr<R>>) -> BoxedStrategy<Expr<R>> {
    fn chain<R: core::fmt::Debug + Clone + 'static>(
        operand: BoxedStrategy<Expr<R>>,
        operators: &'static [Operator],
    ) -> BoxedStrategy<Expr<R>> {
        (operand.clone(), vec((select(operators), operand), 0..2))
            .prop_map(|(first, rest)| {
                rest.into_iter()
                    .fold(first, |left, (operator, right)| Expr::Binary(Box::new(Binary { left, operator, right })))
            })
            .boxed()
    }
    let product = chain(operand, &[Operator::Multiply, Operator::Divide, Operator::Remainder]);
    chain(product, &[Operator::Add, Operator::Subtract])
}

/// The values that both languages have. `inner` is any expression, `unsigned` one without sign and operators.
fn shared<R: core::fmt::Debug + Clone + 'static>(
    inner: BoxedStrategy<Expr<R>>,
    unsigned: BoxedStrategy<Expr<R>>,
) -> BoxedStrategy<Expr<R>> {
    prop_oneof![
        vec(inner.clone(), 0..3).prop_map(Expr::List),
        vec(inner.clone(), 0..3).prop_map(Expr::Set),
        vec(
            (inner.clone().prop_filter("`{(a): b}` is a marker of type a", |a| !ends_with_tuple(a)), inner.clone()),
            1..3
        )
        .prop_map(Expr::Map),
        vec(inner.clone(), 1..3).prop_map(Expr::Tuple),
        (qualified(), vec(inner, 0..3)).prop_map(|(function, arguments)| Expr::Call(Call { function, arguments })),
        (some_type(), unsigned).prop_map(|hint| Expr::Hint(Box::new(hint))),
    ]
    .boxed()
}

/// Whether `(…)` stands at the end, where the grammar may take it for a type.
fn ends_with_tuple<R>(expr: &Expr<R>) -> bool {
    match expr {
        Expr::Tuple(_) => true,
        Expr::Hint(hint) => ends_with_tuple(&hint.1),
        Expr::Binary(binary) => ends_with_tuple(&binary.right),
        Expr::Negate(inner) => ends_with_tuple(inner),
        _ => false,
    }
}

fn leaf<R: core::fmt::Debug + Clone + 'static>() -> BoxedStrategy<Expr<R>> {
    prop_oneof![literal().prop_map(Expr::Literal), Just(Expr::Null), marker().prop_map(Expr::Marker)].boxed()
}

fn unsigned_term(depth: u32) -> BoxedStrategy<Term> {
    if depth == 0 {
        return leaf();
    }
    let (inner, unsigned) = (term_of(depth - 1), unsigned_term(depth - 1));
    prop_oneof![
        2 => leaf(),
        2 => shared(inner.clone(), unsigned.clone()),
        1 => vec((name(), inner), 1..3).prop_map(Expr::Udt),
        1 => (unsigned, native()).prop_map(|(a, native)| Expr::Cast(Box::new(a), native)),
    ]
    .boxed()
}

fn term_of(depth: u32) -> BoxedStrategy<Term> {
    let unsigned = unsigned_term(depth);
    let signed = unsigned.clone().prop_map(|a| Expr::Negate(Box::new(a)));
    arithmetic(prop_oneof![5 => unsigned, 1 => signed].boxed())
}

fn term() -> BoxedStrategy<Term> {
    term_of(2)
}

fn column() -> BoxedStrategy<Selector> {
    name().prop_map(|name| Expr::Reference(Reference::Column(name))).boxed()
}

/// A selector without sign, operators and anything after it.
fn bare_selector(depth: u32) -> BoxedStrategy<Selector> {
    let leaves = prop_oneof![3 => column(), 1 => leaf(), 1 => Just(Expr::Reference(Reference::CountRows))];
    if depth == 0 {
        return leaves.boxed();
    }
    let inner = selector_of(depth - 1);
    let fact = select(&[WriteFact::WriteTime, WriteFact::MaxWriteTime, WriteFact::Ttl][..]);
    prop_oneof![
        2 => leaves,
        2 => shared(inner.clone(), bare_selector(depth - 1)),
        1 => (inner, native()).prop_map(|(a, native)| Expr::Cast(Box::new(a), native)),
        1 => (fact, modified(column())).prop_map(|(fact, a)| Expr::Reference(Reference::Write(fact, Box::new(a)))),
    ]
    .boxed()
}

/// Fields, elements and slices of `receiver`.
fn modified(receiver: BoxedStrategy<Selector>) -> BoxedStrategy<Selector> {
    let ends = prop_oneof![
        term_of(1).prop_map(|from| (Some(from), None)),
        term_of(1).prop_map(|to| (None, Some(to))),
        (term_of(1), term_of(1)).prop_map(|(from, to)| (Some(from), Some(to))),
    ];
    prop_oneof![
        receiver.clone(),
        (receiver.clone(), name()).prop_map(|(a, field)| Expr::Reference(Reference::Field(Box::new(a), field))),
        (receiver.clone(), term_of(1))
            .prop_map(|(a, key)| Expr::Reference(Reference::Element(Box::new(a), Box::new(key)))),
        (receiver, ends).prop_map(|(a, ends)| Expr::Reference(Reference::Slice(Box::new(a), Box::new(ends)))),
    ]
    .boxed()
}

fn selector_of(depth: u32) -> BoxedStrategy<Selector> {
    let receiver = bare_selector(depth).prop_filter("`(a)[1]` is a list of type a", |a| !ends_with_tuple(a));
    let operand = prop_oneof![bare_selector(depth), modified(receiver.boxed())].boxed();
    let negated = operand.clone().prop_map(|a| Expr::Negate(Box::new(a)));
    arithmetic(prop_oneof![5 => operand, 1 => negated].boxed())
}

fn selection() -> BoxedStrategy<Selection> {
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

fn relation() -> BoxedStrategy<Relation> {
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

fn using(with_ttl: bool) -> BoxedStrategy<Attributes> {
    let timeout = || Just(Attribute::Timeout(Expr::Literal(Literal::Duration(Rc::from("5s")))));
    let plain = prop_oneof![int_value().prop_map(Attribute::Timestamp), timeout()].boxed();
    let any_one = prop_oneof![plain.clone(), int_value().prop_map(Attribute::Ttl)].boxed();
    vec(if with_ttl { any_one } else { plain }, if with_ttl { 0..3 } else { 0..2 }).prop_map(Attributes).boxed()
}

fn select_statement() -> BoxedStrategy<Statement> {
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

fn modification() -> BoxedStrategy<Modification> {
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

fn schema() -> BoxedStrategy<Statement> {
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

fn routines() -> BoxedStrategy<Statement> {
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

fn access() -> BoxedStrategy<Statement> {
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

fn shell() -> BoxedStrategy<Statement> {
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

/// Any statement.
pub(super) fn statement() -> BoxedStrategy<Statement> {
    let kind = select(&[BatchKind::Logged, BatchKind::Unlogged, BatchKind::Counter][..]);
    let batch = (kind, using(true), vec(modification(), 0..3))
        .prop_map(|(kind, using, statements)| Statement::Batch(Batch { kind, using, statements }));
    prop_oneof![
        4 => select_statement(),
        6 => modification().prop_map(Statement::Modify),
        2 => batch,
        1 => name().prop_map(Statement::Use),
        1 => qualified().prop_map(|table| Statement::Truncate { table, using: Attributes::default() }),
        6 => schema(),
        3 => routines(),
        3 => access(),
        3 => shell(),
    ]
    .boxed()
}

/// Tokens in any order: texts that get further into the parser than letters by chance would.
pub(super) fn soup() -> BoxedStrategy<String> {
    const TOKENS: &[&str] = &[
        "SELECT",
        "FROM",
        "WHERE",
        "INSERT",
        "INTO",
        "VALUES",
        "UPDATE",
        "SET",
        "DELETE",
        "BEGIN",
        "BATCH",
        "APPLY",
        "CREATE",
        "ALTER",
        "DROP",
        "TABLE",
        "TYPE",
        "INDEX",
        "KEYSPACE",
        "WITH",
        "AND",
        "IF",
        "NOT",
        "EXISTS",
        "IN",
        "a",
        "b",
        "f",
        "int",
        "list",
        "frozen",
        "token",
        "count",
        "ttl",
        "json",
        "USING",
        "TIMESTAMP",
        "TTL",
        "PRIMARY",
        "KEY",
        "ORDER",
        "BY",
        "LIMIT",
        "GRANT",
        "ON",
        "TO",
        "LIST",
        "DESCRIBE",
        "CONSISTENCY",
        "COPY",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        ",",
        ";",
        ":",
        ".",
        "..",
        "?",
        "=",
        "!=",
        "<=",
        "+",
        "-",
        "*",
        "/",
        "+=",
        "'x'",
        "'",
        "\"q\"",
        "\"",
        "$$",
        "--",
        "//",
        "/*",
        "*/",
        "\n",
        "\r\n",
        "1",
        "-1",
        "1.5",
        "1e",
        "0x",
        "1d",
        "P1Y",
        "-P",
        "é",
        "\u{0}",
        "cafebabe-",
        "5a1c395e-b41f-11e5-9f22-ba0be0483c18",
        "NULL",
        "NaN",
    ];
    vec((select(TOKENS), any::<bool>()), 0..40)
        .prop_map(|soup| soup.into_iter().flat_map(|(token, space)| [token, if space { " " } else { "" }]).collect())
        .boxed()
}
