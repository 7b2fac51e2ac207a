//! `exp`, `log` and `log10` in big integers: the same digits everywhere, and no mathematical library.
//!
//! A number is a big integer with [`POINT`] bits behind its point. Both series converge by a factor of at least four with
//! each term, and what is computed is good for more than a double's 53 bits and a decimal's 32 digits.

use super::number::{digits, half_up, power};
use alloc::string::String;
use num_bigint::{BigInt, Sign};

/// Bits behind the point.
const POINT: u32 = 256;
/// Digits that Cassandra gives of a decimal.
const DIGITS: i32 = 32;
/// The largest exponent of `exp` that this model computes, about `e^±10000`.
const EXPONENT_MAX: u32 = 10_000;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    Exp,
    Log,
    Log10,
}

fn one() -> BigInt {
    BigInt::from(1) << POINT
}

/// `a × b`
fn times(a: &BigInt, b: &BigInt) -> BigInt {
    (a * b) >> POINT
}

/// `a / b`
fn over(a: &BigInt, b: &BigInt) -> BigInt {
    (a << POINT) / b
}

/// `ln m` of a number near 1: twice the area tangent of `(m - 1) / (m + 1)`.
fn log_near_one(m: &BigInt) -> BigInt {
    let z = over(&(m - one()), &(m + one()));
    let square = times(&z, &z);
    let (mut term, mut sum, mut n) = (z.clone(), z, 1u32);
    while term.sign() != Sign::NoSign && n < 2 * POINT {
        term = times(&term, &square);
        n += 2;
        sum += &term / n;
    }
    sum << 1
}

/// `ln 2`
fn log_two() -> BigInt {
    log_near_one(&(one() << 1))
}

/// `ln (mantissa × 2^shift)` of a positive mantissa.
fn log(mantissa: &BigInt, shift: i64) -> BigInt {
    // The number as m × 2^e with m in [1, 2).
    let bits = mantissa.bits() as i64;
    let by = i64::from(POINT) - (bits - 1);
    let m = if by >= 0 { mantissa << by as u64 } else { mantissa >> (-by) as u64 };
    log_near_one(&m) + log_two() * (shift + bits - 1)
}

/// `e^x` as a number and a power of two.
fn exp(x: &BigInt) -> (BigInt, i64) {
    let two = log_two();
    let n = (x + (&two >> 1)) / &two;
    let rest = x - &n * &two;
    let (mut term, mut sum, mut k) = (one(), one(), 1u32);
    while term.sign() != Sign::NoSign && k < POINT {
        term = times(&term, &rest) / k;
        sum += &term;
        k += 1;
    }
    (sum, i64::try_from(n).unwrap_or(0))
}

/// The nearest double of `number × 2^shift`.
fn double(number: &BigInt, shift: i64) -> f64 {
    let bits = number.bits() as i64;
    if bits == 0 {
        return 0.0;
    }
    // 64 leading bits, the last of which stands for all that follow.
    let cut = bits - 64;
    let magnitude = BigInt::from(number.magnitude().clone());
    let head = if cut > 0 { &magnitude >> cut as u64 } else { &magnitude << (-cut) as u64 };
    let exact = cut <= 0 || (&head << cut as u64) == magnitude;
    let head = u64::try_from(head).unwrap_or(u64::MAX) | u64::from(!exact);
    let mut real = head as f64;
    let mut exponent = shift + cut;
    while exponent != 0 {
        let step = exponent.clamp(-1000, 1000);
        real *= f64::from_bits(((1023 + step) as u64) << 52);
        exponent -= step;
        if real == 0.0 || real.is_infinite() {
            break;
        }
    }
    if number.sign() == Sign::Minus { -real } else { real }
}

/// As Java's `Math` has it.
pub(super) fn of_double(curve: Curve, x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    // mantissa × 2^exponent
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let mantissa = if exponent == 0 { fraction << 1 } else { fraction | 1 << 52 };
    let (mantissa, exponent) = (BigInt::from(mantissa), exponent - 1075);
    match curve {
        Curve::Exp if x > 710.0 => f64::INFINITY,
        Curve::Exp if x < -746.0 => 0.0,
        Curve::Exp => {
            let at = i64::from(POINT) + exponent;
            let fixed = if at >= 0 { mantissa << at as u64 } else { mantissa >> (-at) as u64 };
            let (number, shift) = exp(&if x < 0.0 { -fixed } else { fixed });
            double(&number, shift - i64::from(POINT))
        }
        _ if x == 0.0 => f64::NEG_INFINITY,
        _ if x < 0.0 => f64::NAN,
        _ if x.is_infinite() => f64::INFINITY,
        Curve::Log => double(&log(&mantissa, exponent), -i64::from(POINT)),
        Curve::Log10 => double(&over(&log(&mantissa, exponent), &log_ten()), -i64::from(POINT)),
    }
}

fn log_ten() -> BigInt {
    log(&BigInt::from(10), 0)
}

/// Of a decimal, with 32 digits; the error is what Cassandra says.
pub(super) fn of_decimal(curve: Curve, scale: i32, unscaled: &BigInt) -> Result<(i32, BigInt), String> {
    let large = || String::from("java.lang.ArithmeticException: Overflow");
    if curve == Curve::Exp {
        if unscaled.sign() == Sign::NoSign {
            return Ok((0, BigInt::from(1)));
        }
        // Digits before the point say how large it is, before it is made.
        if digits(unscaled) - scale > 6 {
            return Err(large());
        }
        let fixed = if scale >= 0 {
            (unscaled << POINT) / BigInt::from(10).pow(scale.unsigned_abs().min(10_000))
        } else {
            (unscaled * power(scale)) << POINT
        };
        if (fixed.magnitude() >> POINT) > EXPONENT_MAX.into() {
            return Err(large());
        }
        let (number, shift) = exp(&fixed);
        return Ok(shown(&number, shift));
    }
    if unscaled.sign() != Sign::Plus {
        let what = if curve == Curve::Log { "Natural log" } else { "Log10" };
        return Err(alloc::format!("java.lang.ArithmeticException: {what} of number zero or less"));
    }
    // ln (unscaled × 10^-scale)
    let natural = log(unscaled, 0) - log_ten() * scale;
    let value = if curve == Curve::Log { natural } else { over(&natural, &log_ten()) };
    // What is nothing but the error of the last bits is zero.
    if value.magnitude() >> (POINT / 4) == num_bigint::BigUint::ZERO {
        // Zero comes with the scale that it has there.
        return Ok((if curve == Curve::Log10 { -33 } else { 0 }, BigInt::ZERO));
    }
    Ok(shown(&value, 0))
}

/// `number × 2^shift` with 32 digits.
fn shown(number: &BigInt, shift: i64) -> (i32, BigInt) {
    // log10 2 is 0.30103, so this is where the first digit stands, give or take one.
    let bits = number.bits() as i64 + shift - i64::from(POINT);
    let mut scale = DIGITS - (bits * 30_103).div_euclid(100_000) as i32 - 1;
    loop {
        let ten = BigInt::from(10).pow(scale.unsigned_abs());
        let (mut above, mut below) = (number.clone(), one());
        if scale >= 0 {
            above *= ten
        } else {
            below *= ten
        }
        if shift >= 0 {
            above <<= shift as u64
        } else {
            below <<= (-shift) as u64
        }
        let unscaled = half_up(&above, &below);
        match DIGITS - digits(&unscaled) {
            0 => return (scale, unscaled),
            off => scale += off.signum(),
        }
    }
}
