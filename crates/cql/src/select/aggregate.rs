//! `count`, `min`, `max`, `sum` and `avg`.

use crate::{comparable, functions::low_bytes, types::Type, values};
use alloc::vec::Vec;
use core::cmp::Ordering;
use num_bigint::{BigInt, Sign};
use storage::Bytes;

/// An aggregate, with the type it gathers where that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Aggregate {
    /// Rows, or values that are not null.
    Count,
    Min(Type),
    Max(Type),
    Sum(Type),
    Avg(Type),
}

impl Aggregate {
    /// By name; what it is over is said later.
    pub(crate) fn named(name: &str) -> Option<Aggregate> {
        Some(match name {
            "count" => Aggregate::Count,
            "min" => Aggregate::Min(Type::Blob),
            "max" => Aggregate::Max(Type::Blob),
            "sum" => Aggregate::Sum(Type::Blob),
            "avg" => Aggregate::Avg(Type::Blob),
            _ => return None,
        })
    }

    /// The same over this type.
    pub(super) fn over(self, ty: &Type) -> Aggregate {
        let ty = ty.clone();
        match self {
            Aggregate::Count => Aggregate::Count,
            Aggregate::Min(_) => Aggregate::Min(ty),
            Aggregate::Max(_) => Aggregate::Max(ty),
            Aggregate::Sum(_) => Aggregate::Sum(ty),
            Aggregate::Avg(_) => Aggregate::Avg(ty),
        }
    }

    /// The type of its value over this type, if it takes it.
    pub(super) fn of(&self, ty: &Type) -> Option<Type> {
        match self {
            Aggregate::Count => Some(Type::Bigint),
            Aggregate::Min(_) | Aggregate::Max(_) => Some(ty.thawed().clone().freeze()),
            Aggregate::Sum(_) | Aggregate::Avg(_) => ty.is_number().then(|| ty.clone()),
        }
    }
}

/// An aggregate as it gathers.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    count: i64,
    best: Option<(Vec<u8>, Bytes)>,
    whole: BigInt,
    scale: i32,
    real: f64,
}

impl Gathering {
    /// Takes one row's value; `count(*)` takes every row.
    pub(crate) fn take(&mut self, aggregate: &Aggregate, value: Option<&Bytes>, every: bool) {
        let Some(value) = value else {
            self.count += i64::from(every);
            return;
        };
        self.count += 1;
        match aggregate {
            Aggregate::Count => {}
            Aggregate::Min(ty) | Aggregate::Max(ty) => {
                let order = comparable::encode([(ty, false, &**value)]);
                let better = self.best.as_ref().is_none_or(|(best, _)| {
                    if matches!(aggregate, Aggregate::Min(_)) { order < *best } else { order > *best }
                });
                if better {
                    self.best = Some((order, value.clone()));
                }
            }
            Aggregate::Sum(ty) | Aggregate::Avg(ty) => match ty {
                Type::Float => {
                    self.real += <[u8; 4]>::try_from(&**value).map_or(0.0, |b| f64::from(f32::from_be_bytes(b)))
                }
                Type::Double => self.real += <[u8; 8]>::try_from(&**value).map_or(0.0, f64::from_be_bytes),
                Type::Decimal => {
                    let (scale, negative, digits) = values::decimal_parts(value);
                    let number = digits.parse::<BigInt>().unwrap_or_default();
                    let number = if negative { -number } else { number };
                    let common = self.scale.max(scale);
                    let lifted =
                        |number: &BigInt, by: i32| number * BigInt::from(10).pow(by.unsigned_abs().min(10_000));
                    let (whole, number) = (lifted(&self.whole, common - self.scale), lifted(&number, common - scale));
                    // A mean of decimals moves with every value, and is rounded each time.
                    self.whole = match aggregate {
                        Aggregate::Avg(_) => half_even(number - &whole, self.count) + whole,
                        _ => whole + number,
                    };
                    self.scale = common;
                }
                _ => self.whole += BigInt::from_signed_bytes_be(value),
            },
        }
    }

    /// What it comes to. Sums of integers wrap as Java's do.
    pub(crate) fn finish(self, aggregate: &Aggregate) -> Option<Bytes> {
        match aggregate {
            Aggregate::Count => Some((&self.count.to_be_bytes()[..]).into()),
            Aggregate::Min(_) | Aggregate::Max(_) => self.best.map(|(_, value)| value),
            Aggregate::Sum(ty) => Some(self.number(ty, &self.whole, self.real)),
            Aggregate::Avg(ty) if self.count == 0 || *ty == Type::Decimal => Some(self.number(ty, &self.whole, 0.0)),
            Aggregate::Avg(ty) => Some(self.number(ty, &(&self.whole / self.count), self.real / self.count as f64)),
        }
    }

    fn number(&self, ty: &Type, whole: &BigInt, real: f64) -> Bytes {
        match ty {
            Type::Float => (&(real as f32).to_be_bytes()[..]).into(),
            Type::Double => (&real.to_be_bytes()[..]).into(),
            Type::Varint => whole.to_signed_bytes_be().into(),
            Type::Decimal => values::decimal(self.scale, whole).into(),
            fixed => {
                let size = match fixed {
                    Type::Tinyint => 1,
                    Type::Smallint => 2,
                    Type::Int => 4,
                    _ => 8,
                };
                low_bytes(whole, size).into()
            }
        }
    }
}

/// Divides as Java's `HALF_EVEN` rounds: to the nearest, of two as near to the even one.
fn half_even(number: BigInt, by: i64) -> BigInt {
    let (quotient, rest) = (&number / by, &number % by);
    let away = match (rest.magnitude() * 2u8).cmp(&by.unsigned_abs().into()) {
        Ordering::Less => false,
        Ordering::Equal => quotient.bit(0),
        Ordering::Greater => true,
    };
    match (away, number.sign()) {
        (false, _) => quotient,
        (true, Sign::Minus) => quotient - 1,
        (true, _) => quotient + 1,
    }
}
