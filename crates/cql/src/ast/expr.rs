//! Values as written: literals, markers, collections, calls, arithmetic, and the types that hint at them.

use super::{Name, Qualified};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::convert::Infallible;

/// An expression whose leaves may be `R`. Two languages share it: a [`Term`] cannot refer to a row, a [`Selector`] can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr<R> {
    /// A constant.
    Literal(Literal),
    /// `NULL`
    Null,
    /// `?` or `:name`
    Marker(Marker),
    /// `[a, b]`: a list or a vector.
    List(Vec<Expr<R>>),
    /// `{a, b}`; the empty `{}` is a set here and may be meant as a map.
    Set(Vec<Expr<R>>),
    /// `{a: b}`; in a [`Selector`] the keys of a user-defined type's literal are columns, so it is a `Map` there.
    Map(Vec<(Expr<R>, Expr<R>)>),
    /// `{field: a}`: a user-defined type.
    Udt(Vec<(Name, Expr<R>)>),
    /// `(a, b)`; with one element either a tuple or plain parentheses: the receiver's type decides.
    Tuple(Vec<Expr<R>>),
    /// `f(a, b)`
    Call(Call<R>),
    /// `(type) a`
    Hint(Box<(TypeName, Expr<R>)>),
    /// `CAST(a AS type)`
    Cast(Box<Expr<R>>, Native),
    /// `- a`; `-1` is a literal.
    Negate(Box<Expr<R>>),
    /// `a + b`
    Binary(Box<Binary<R>>),
    /// What only this language has.
    Reference(R),
}

/// A value that does not depend on a row: `VALUES (…)`, right-hand sides, element keys.
pub type Term = Expr<Infallible>;

/// What a `SELECT` may ask of a row.
pub type Selector = Expr<Reference>;

/// The parts of a selector that need a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A column.
    Column(Name),
    /// `a.field`
    Field(Box<Selector>, Name),
    /// `a[key]`
    Element(Box<Selector>, Box<Term>),
    /// `a[from..to]`; at least one end is written.
    Slice(Box<Selector>, Box<(Option<Term>, Option<Term>)>),
    /// `count(*)`
    CountRows,
    /// `WRITETIME(a)`, `MAXWRITETIME(a)` or `TTL(a)`; `a` is a column, possibly with elements and fields.
    Write(WriteFact, Box<Selector>),
}

/// What is remembered of the write that made a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WriteFact {
    /// `WRITETIME`: µs since the Unix epoch.
    WriteTime,
    /// `MAXWRITETIME`: the newest among a collection's cells.
    MaxWriteTime,
    /// `TTL`: seconds left.
    Ttl,
}

/// A constant. Numbers, blobs and durations keep their text where a value would lose something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `'text'` or `$$text$$`, without its quotes.
    Text(Rc<str>),
    /// An integer whose decimal printing is exactly what was written.
    Integer(i64),
    /// Any other integer as written: too large for 64 bits, or `007`, or `-0`.
    Numeral(Rc<str>),
    /// A number with a point or an exponent as written, or `NaN`, `Infinity`, `-Infinity`.
    Float(Rc<str>),
    /// `true` or `false`
    Boolean(bool),
    /// A UUID's 16 bytes.
    Uuid([u8; 16]),
    /// `0xcafe`: the hexadecimal digits after `0x`, as written; their number may be odd.
    Blob(Rc<str>),
    /// A duration as written (`1y2mo`, `P1Y2M`, `PT1H`, `P0001-00-00T00:00:00`); its range and order are not checked.
    Duration(Rc<str>),
}

/// A bind marker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Marker {
    /// Its place among the statement's markers in text order, from 0.
    pub index: u32,
    /// The name in `:name`; `?` has none.
    pub name: Option<Name>,
}

/// A function call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<R> {
    /// The function; `token`, `count`, `uuid`, `now` … are ordinary names here.
    pub function: Qualified,
    /// Its arguments.
    pub arguments: Vec<Expr<R>>,
}

/// Arithmetic between two expressions. Operators of one rank associate to the left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary<R> {
    /// The left operand.
    pub left: Expr<R>,
    /// The operator.
    pub operator: Operator,
    /// The right operand.
    pub right: Expr<R>,
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// The operator's sign.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
        }
    }
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeName {
    /// `int`, `text` …
    Native(Native),
    /// `list<a>`
    List(Box<TypeName>),
    /// `set<a>`
    Set(Box<TypeName>),
    /// `map<a, b>`
    Map(Box<(TypeName, TypeName)>),
    /// `tuple<a, b>`
    Tuple(Vec<TypeName>),
    /// `vector<a, n>`
    Vector(Box<TypeName>, u32),
    /// `frozen<a>`
    Frozen(Box<TypeName>),
    /// A user-defined type.
    User(Qualified),
    /// `'a.java.Class'`
    Custom(Rc<str>),
}

macro_rules! natives {
    ($($id:ident $text:literal)*) => {
        /// A built-in scalar type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Native { $(#[doc = concat!("`", $text, "`")] $id),* }

        impl Native {
            /// Every native type, by name.
            pub const ALL: &'static [Native] = &[$(Native::$id),*];

            /// The type's name in CQL.
            pub fn as_str(self) -> &'static str {
                match self { $(Native::$id => $text),* }
            }
        }
    };
}

natives! {
    Ascii "ascii"
    BigInt "bigint"
    Blob "blob"
    Boolean "boolean"
    Counter "counter"
    Date "date"
    Decimal "decimal"
    Double "double"
    Duration "duration"
    Float "float"
    Inet "inet"
    Int "int"
    SmallInt "smallint"
    Text "text"
    Time "time"
    Timestamp "timestamp"
    TimeUuid "timeuuid"
    TinyInt "tinyint"
    Uuid "uuid"
    VarChar "varchar"
    VarInt "varint"
}

impl Literal {
    /// The text Cassandra works with where types do not matter, as in properties: a string without its quotes.
    pub fn text(&self) -> String {
        match self {
            Literal::Text(text) | Literal::Numeral(text) | Literal::Float(text) | Literal::Duration(text) => {
                String::from(&**text)
            }
            Literal::Blob(digits) => format!("0x{digits}"),
            Literal::Integer(value) => value.to_string(),
            Literal::Boolean(value) => value.to_string(),
            Literal::Uuid(bytes) => {
                let mut text = String::with_capacity(36);
                for (i, byte) in bytes.iter().enumerate() {
                    if matches!(i, 4 | 6 | 8 | 10) {
                        text.push('-');
                    }
                    text.push_str(&format!("{byte:02x}"));
                }
                text
            }
        }
    }
}
