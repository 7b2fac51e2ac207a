//! Names, literals, types, terms and selectors.

#![allow(clippy::wildcard_imports, reason = "every type of the tree is made here")]

use crate::ast::*;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

/// Names that are plain, quoted, keywords of every class, or dangerous somewhere.
pub(super) fn name() -> BoxedStrategy<Name> {
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

pub(super) fn qualified() -> BoxedStrategy<Qualified> {
    (option::of(name()), name()).prop_map(|(keyspace, name)| Qualified { keyspace, name }).boxed()
}

pub(super) fn text() -> BoxedStrategy<Rc<str>> {
    prop_oneof![Just(String::new()), "[a-z'$;]{0,6}", any::<String>()].prop_map(Rc::from).boxed()
}

pub(super) fn literal() -> BoxedStrategy<Literal> {
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

pub(super) fn marker() -> BoxedStrategy<Marker> {
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

pub(super) fn some_type() -> BoxedStrategy<TypeName> {
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

pub(super) fn term_of(depth: u32) -> BoxedStrategy<Term> {
    let unsigned = unsigned_term(depth);
    let signed = unsigned.clone().prop_map(|a| Expr::Negate(Box::new(a)));
    arithmetic(prop_oneof![5 => unsigned, 1 => signed].boxed())
}

pub(super) fn term() -> BoxedStrategy<Term> {
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

pub(super) fn selector_of(depth: u32) -> BoxedStrategy<Selector> {
    let receiver = bare_selector(depth).prop_filter("`(a)[1]` is a list of type a", |a| !ends_with_tuple(a));
    let operand = prop_oneof![bare_selector(depth), modified(receiver.boxed())].boxed();
    let negated = operand.clone().prop_map(|a| Expr::Negate(Box::new(a)));
    arithmetic(prop_oneof![5 => operand, 1 => negated].boxed())
}
