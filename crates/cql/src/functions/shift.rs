//! Dates and timestamps with durations: months by the calendar, days as days, the rest as time.

use crate::{
    ast::Operator,
    types::Type,
    values::{
        Duration,
        calendar::{civil_from_days, days_from_civil, days_in_month},
    },
};
use alloc::{format, string::String, vec::Vec};

const DAY_MS: i64 = 86_400_000;

/// `first ± second`; the error is what the operation says.
pub(super) fn shifted(operator: Operator, ty: &Type, first: &[u8], second: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let (Some(ms), Some(duration)) = (super::millis(ty, first), Duration::decode(second)) else { return Ok(None) };
    let step = if *ty == Type::Date { DAY_MS } else { 1 } * 1_000_000;
    if duration.nanos % step != 0 || *ty == Type::Date && duration.nanos != 0 {
        let precision = if *ty == Type::Date { "day" } else { "millisecond" };
        return Err(format!("The duration must have a {precision} precision. Was: {duration}"));
    }
    let sign = if operator == Operator::Subtract { -1 } else { 1 };
    let (months, days, time) = (sign * duration.months, sign * duration.days, sign * (duration.nanos / 1_000_000));
    let ms = ms.wrapping_add(time);
    let (mut day, of_day) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
    if months != 0 {
        let (year, month, of_month) = civil_from_days(day);
        let month = year * 12 + i64::from(month) - 1 + months;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
        day = days_from_civil(year, month, of_month.min(days_in_month(year, month)));
    }
    let ms = day.wrapping_add(days).wrapping_mul(DAY_MS).wrapping_add(of_day);
    Ok(Some(if *ty == Type::Date { super::days(ms).to_be_bytes().to_vec() } else { ms.to_be_bytes().to_vec() }))
}
