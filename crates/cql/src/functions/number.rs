//! Numbers of every type as one: what arithmetic, `CAST` and the mathematical functions compute with.

use super::math;
use crate::{ast::Operator, types::Type, values};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use num_bigint::{BigInt, Sign};

/// A number; a float is kept as a double, which holds it exactly.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Number {
    Whole(BigInt),
    Real(f64),
    /// Scale and unscaled value.
    Decimal(i32, BigInt),
}

/// Digits that a quotient has at least, and the most places it may have (`DecimalType`).
const DIGITS: i32 = 32;
const PLACES_MAX: i32 = 1000;

impl Number {
    /// A serialized number; no bytes are none.
    pub(crate) fn read(ty: &Type, bytes: &[u8]) -> Option<Number> {
        if bytes.is_empty() {
            return None;
        }
        Some(match ty {
            Type::Float => Number::Real(f64::from(f32::from_be_bytes(bytes.try_into().ok()?))),
            Type::Double => Number::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
            Type::Decimal => {
                let (scale, unscaled) = bytes.split_first_chunk()?;
                Number::Decimal(i32::from_be_bytes(*scale), BigInt::from_signed_bytes_be(unscaled))
            }
            _ => Number::Whole(BigInt::from_signed_bytes_be(bytes)),
        })
    }

    /// As a value of this type, cut and rounded as Java does it.
    pub(crate) fn write(self, ty: &Type) -> Result<Vec<u8>, String> {
        Ok(match ty {
            Type::Float => single(self.real(true)).to_be_bytes().to_vec(),
            Type::Double => canonical(self.real(false)).to_be_bytes().to_vec(),
            Type::Decimal => {
                let (scale, unscaled) = match self {
                    Number::Whole(whole) => (0, whole),
                    other => other.decimal()?,
                };
                values::decimal(scale, &unscaled)
            }
            Type::Varint => match self {
                Number::Whole(whole) => whole.to_signed_bytes_be(),
                // By way of 64 bits, as in Java's `longValue`.
                other => BigInt::from_signed_bytes_be(&low_bytes(&other.whole(8), 8)).to_signed_bytes_be(),
            },
            fixed => {
                let size = width(fixed);
                low_bytes(&self.whole(size), size)
            }
        })
    }

    /// The whole part; of a float as Java's conversions to `int` and `long` saturate.
    fn whole(self, size: usize) -> BigInt {
        match self {
            Number::Whole(whole) => whole,
            Number::Real(real) if size < 8 => BigInt::from(real as i32),
            Number::Real(real) => BigInt::from(real as i64),
            Number::Decimal(scale, unscaled) if scale <= 0 => lifted(&unscaled, -scale),
            Number::Decimal(scale, unscaled) => unscaled / power(scale),
        }
    }

    /// The nearest double, or float.
    fn real(&self, single: bool) -> f64 {
        let text = match self {
            Number::Real(real) => return *real,
            Number::Whole(whole) => whole.to_string(),
            Number::Decimal(scale, unscaled) => values::decimal_text(&values::decimal(*scale, unscaled)),
        };
        if single {
            text.parse().map_or(f64::NAN, |real: f32| f64::from(real))
        } else {
            text.parse().unwrap_or(f64::NAN)
        }
    }

    /// As `BigDecimal.valueOf` makes one of a double.
    fn decimal(self) -> Result<(i32, BigInt), String> {
        match self {
            Number::Decimal(scale, unscaled) => Ok((scale, unscaled)),
            Number::Whole(whole) => Ok((0, whole)),
            Number::Real(real) => {
                let text = values::java::float_text(real, false);
                values::parse_decimal(&text).ok_or_else(|| {
                    let first = text.trim_start_matches('-').chars().next().unwrap_or('N');
                    format!(
                        "java.lang.NumberFormatException: Character {first} is neither a decimal digit number, decimal point, nor \"e\" notation exponential mark."
                    )
                })
            }
        }
    }

    /// `- a`
    pub(super) fn negated(self) -> Number {
        match self {
            Number::Whole(whole) => Number::Whole(-whole),
            Number::Real(real) => Number::Real(-real),
            Number::Decimal(scale, unscaled) => Number::Decimal(scale, -unscaled),
        }
    }

    pub(super) fn absolute(self) -> Number {
        match self {
            Number::Real(real) => Number::Real(f64::from_bits(real.to_bits() & !(1 << 63))),
            Number::Whole(whole) => Number::Whole(whole.magnitude().clone().into()),
            Number::Decimal(scale, unscaled) => Number::Decimal(scale, unscaled.magnitude().clone().into()),
        }
    }

    /// Half up; a float to an `int`, a double to a `long`, as `Math.round` does.
    pub(super) fn rounded(self, single: bool) -> Number {
        match self {
            Number::Real(real) => {
                let whole = real as i64;
                let part = real - whole as f64;
                let whole = whole.saturating_add(i64::from(part >= 0.5) - i64::from(part < -0.5));
                let (low, high) = if single { (i32::MIN.into(), i32::MAX.into()) } else { (i64::MIN, i64::MAX) };
                Number::Real(whole.clamp(low, high) as f64)
            }
            Number::Decimal(scale, unscaled) if scale > 0 => Number::Decimal(0, half_up(&unscaled, &power(scale))),
            Number::Decimal(scale, unscaled) => Number::Decimal(0, lifted(&unscaled, -scale)),
            whole => whole,
        }
    }

    /// `exp`, `log` and `log10`: doubles of doubles and integers, 32 digits of decimals and varints.
    pub(super) fn curve(self, curve: math::Curve, ty: &Type) -> Result<Number, String> {
        if !matches!(ty, Type::Varint | Type::Decimal) {
            return Ok(Number::Real(math::of_double(curve, self.real(false))));
        }
        let (scale, unscaled) = self.decimal()?;
        let (scale, unscaled) = math::of_decimal(curve, scale, &unscaled)?;
        let answer = Number::Decimal(scale, unscaled);
        Ok(if *ty == Type::Varint { Number::Whole(answer.whole(8)) } else { answer })
    }
}

/// `left operator right`, in the type that both widen to; the error is what the operation says.
pub(super) fn operate(
    operator: Operator,
    ty: &Type,
    (left, left_ty): (Number, &Type),
    (right, right_ty): (Number, &Type),
) -> Result<Number, String> {
    match ty {
        // Each step of a float is rounded to a float; of two floats a double is exact enough for that.
        Type::Float => Ok(Number::Real(f64::from(real(operator, left.real(true), right.real(true)) as f32))),
        Type::Double => Ok(Number::Real(real(operator, left.real(false), right.real(false)))),
        Type::Decimal => decimal(operator, operand(left, left_ty)?, operand(right, right_ty)?),
        _ => {
            let (left, right) = (left.whole(8), right.whole(8));
            let by_zero = right.sign() == Sign::NoSign && matches!(operator, Operator::Divide | Operator::Remainder);
            if by_zero {
                return Err(if *ty == Type::Varint { "BigInteger divide by zero" } else { "/ by zero" }.into());
            }
            Ok(Number::Whole(match operator {
                Operator::Add => left + right,
                Operator::Subtract => left - right,
                Operator::Multiply => left * right,
                Operator::Divide => left / right,
                Operator::Remainder => left % right,
            }))
        }
    }
}

/// Cassandra makes decimals of small integers by way of a double, so that `7` counts as `7.0`.
fn operand(number: Number, ty: &Type) -> Result<(i32, BigInt), String> {
    match (number, ty) {
        (number @ Number::Whole(_), Type::Varint) => number.decimal(),
        (number @ Number::Whole(_), _) => Number::Real(number.real(false)).decimal(),
        (number, _) => number.decimal(),
    }
}

fn real(operator: Operator, left: f64, right: f64) -> f64 {
    match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => left % right,
    }
}

fn decimal(operator: Operator, left: (i32, BigInt), right: (i32, BigInt)) -> Result<Number, String> {
    let ((left_scale, left), (right_scale, right)) = (left, right);
    if left_scale.abs_diff(right_scale) > values::DIGITS_MAX as u32 {
        return Err(format!("this model computes with {} digits", values::DIGITS_MAX));
    }
    if operator == Operator::Multiply {
        return Ok(Number::Decimal(left_scale.saturating_add(right_scale), left * right));
    }
    let zero = right.sign() == Sign::NoSign;
    let common = left_scale.max(right_scale);
    let (high, low) = (lifted(&left, common - left_scale), lifted(&right, common - right_scale));
    Ok(match operator {
        Operator::Add => Number::Decimal(common, high + low),
        Operator::Subtract => Number::Decimal(common, high - low),
        Operator::Divide if zero => return Err("BigInteger divide by zero".into()),
        Operator::Divide => {
            // Where the quotient's first digit will stand, about.
            let first = (digits(&left) - left_scale) - (digits(&right) - right_scale);
            let scale = (DIGITS - first).max(left_scale).max(right_scale).clamp(DIGITS, PLACES_MAX);
            // left / right × 10^scale, of numbers that were lifted alike.
            stripped(scale, half_up(&lifted(&high, scale), &low))
        }
        Operator::Remainder if zero => {
            return Err(if left.sign() == Sign::NoSign { "Division undefined" } else { "Division by zero" }.into());
        }
        // A dividend that is smaller stays as it is written.
        Operator::Remainder if high.magnitude() < low.magnitude() => Number::Decimal(left_scale, left),
        Operator::Remainder => {
            // Java's quotient has the scale of the difference, as far as its zeros allow; product and rest follow from it.
            let zeros = match stripped(0, &high / &low) {
                Number::Decimal(scale, _) => scale,
                _ => 0,
            };
            let scale = left_scale.max((left_scale - right_scale).max(zeros.min(0)) + right_scale);
            Number::Decimal(scale, (high % low) / power(common - scale))
        }
        Operator::Multiply => Number::Decimal(common, BigInt::ZERO),
    })
}

/// Without trailing zeros; zero has none at all.
pub(super) fn stripped(mut scale: i32, mut unscaled: BigInt) -> Number {
    if unscaled.sign() == Sign::NoSign {
        return Number::Decimal(0, unscaled);
    }
    let ten = BigInt::from(10);
    while (&unscaled % &ten).sign() == Sign::NoSign {
        unscaled /= &ten;
        scale -= 1;
    }
    Number::Decimal(scale, unscaled)
}

/// `number × 10^by`
pub(super) fn lifted(number: &BigInt, by: i32) -> BigInt {
    number * power(by)
}

/// `10^by`, for no more places than a number may have.
pub(super) fn power(by: i32) -> BigInt {
    BigInt::from(10).pow(by.unsigned_abs().min(values::DIGITS_MAX as u32))
}

/// The quotient, of two as near the one farther from zero.
pub(super) fn half_up(number: &BigInt, by: &BigInt) -> BigInt {
    let (quotient, rest) = (number / by, number % by);
    if rest.magnitude() * 2u8 < *by.magnitude() {
        return quotient;
    }
    if number.sign() == by.sign() { quotient + 1 } else { quotient - 1 }
}

/// Decimal digits; zero has one.
pub(super) fn digits(number: &BigInt) -> i32 {
    number.magnitude().to_string().len() as i32
}

fn width(ty: &Type) -> usize {
    match ty {
        Type::Tinyint => 1,
        Type::Smallint => 2,
        Type::Int => 4,
        _ => 8,
    }
}

/// The low bytes of a two's complement number: Java's integers wrap.
pub(crate) fn low_bytes(whole: &BigInt, size: usize) -> Vec<u8> {
    let bytes = whole.to_signed_bytes_be();
    let fill = if whole.sign() == Sign::Minus { 0xFF } else { 0 };
    let wide: Vec<u8> = core::iter::repeat_n(fill, size).chain(bytes).collect();
    wide.get(wide.len() - size..).unwrap_or_default().to_vec()
}

fn canonical(real: f64) -> f64 {
    if real.is_nan() { f64::NAN } else { real }
}

fn single(real: f64) -> f32 {
    if real.is_nan() { f32::NAN } else { real as f32 }
}
