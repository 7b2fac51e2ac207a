//! SELECT: which partitions and rows to ask for, and what to make of the answers.
//!
//! ```text
//! prepare ─▶ SelectPlan ─ bind ─▶ Read ─ questions(page) ─▶ targets and ReadCommands, for the cluster to ask
//!                                     └─ project(answers) ─▶ Rows and where the next page begins
//! ```
//!
//! Replicas answer with cells and deletions of the slices asked for. Everything else (filters, limits over partitions,
//! functions, aggregates, order across partitions) happens in `project`, at the coordinator.

mod aggregate;
mod choice;
mod distinct;
mod filter;
mod group;
mod project;
mod read;
mod row;
mod selector;
mod warn;

use crate::{
    ast::{self, Selection},
    plan::{
        keys::{Part, Span},
        modify::clustering,
        restrict::{Restriction, Restrictions},
        term::{Markers, Receiver, Scope, Term},
    },
    request::{ColumnSpec, Error},
    schema::{Asked, ColumnKind, Schema, Table, not_executed_change},
    types::Type,
};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use choice::Choice;
use distinct::{check_distinct, check_statics};
use filter::Filter;
use selector::{Choices, Refused};
use storage::{ColumnId, order};

pub(crate) use aggregate::{Aggregate, Gathering};
pub use read::{Questions, Read, Target};
pub(crate) use row::RowView;

/// A SELECT whose names and literals are resolved.
#[derive(Debug)]
pub(crate) struct SelectPlan {
    table: Rc<Table>,
    columns: Rc<[ColumnSpec]>,
    /// JSON: the columns that become one text.
    json: Option<Rc<[ColumnSpec]>>,
    choices: Vec<Choice>,
    /// Terms within the selection, bound once for all rows.
    constants: Vec<Term>,
    /// Aggregates and what they are over: with any, rows are gathered into one.
    gathers: Vec<(Aggregate, Option<Choice>)>,
    /// GROUP BY: rows of one partition that share so many leading clustering columns are gathered.
    group: Option<u32>,
    /// Whether anything is said of the partition key.
    keyed: bool,
    /// The partition keys; `None` is every partition, or those of a range of tokens.
    partition: Option<Vec<Part>>,
    token: Option<Restriction>,
    clustering: Vec<Part>,
    span: Option<Span>,
    filters: Vec<Filter>,
    /// Whether it finds nothing, whatever is there.
    nothing: bool,
    /// Against clustering order.
    reversed: bool,
    /// Rows of several partitions are to be brought into the order of so many leading clustering columns.
    sorted: Option<u32>,
    limit: Option<Term>,
    per_partition: Option<Term>,
    distinct: bool,
    /// Columns to read; `None` is all.
    fetch: Option<Rc<[ColumnId]>>,
}

const FILTERING: &str = "Cannot execute this query as it might involve data filtering and thus may have unpredictable performance. If you want to execute this query despite the performance unpredictability, use ALLOW FILTERING";

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}

/// Resolves a SELECT.
pub(crate) fn prepare(
    select: &ast::Select,
    schema: &Schema,
    keyspace: Option<&str>,
    markers: &mut Markers,
) -> Result<Rc<SelectPlan>, Error> {
    let table = schema.resolve(&select.from, keyspace)?;
    if select.mutation_fragments {
        return Err(not_executed_change("SELECT … FROM MUTATION_FRAGMENTS"));
    }
    if select.order_by.iter().any(|ordering| ordering.ann_of.is_some()) {
        return Err(not_executed_change("ORDER BY … ANN OF"));
    }
    let selected = match &select.selection {
        Selection::All => selector::all(table),
        Selection::Some(selected) => match selector::some(selected, table, markers) {
            Ok(choices) => choices,
            Err(Refused { late, error }) => {
                if late {
                    select.order_by.iter().try_for_each(|ordering| table.need(&ordering.column).map(|_| ()))?;
                    let mut restrictions = Restrictions::new(&select.relations, table, markers)?;
                    Where::new(&mut restrictions, table, select.allow_filtering, Ok(()))?;
                }
                return Err(error);
            }
        },
    };
    select.order_by.iter().try_for_each(|ordering| table.need(&ordering.column).map(|_| ()))?;
    let mut restrictions = Restrictions::new(&select.relations, table, markers)?;
    let statics = check_statics(&selected, &restrictions, table);
    let distinct = check_distinct(&selected, select, &restrictions, table);
    let group = group::prefix(&select.group_by, table, &restrictions, select.distinct);
    let keys = table.partition_key().len();
    let keyed = restrictions.token.is_some() || restrictions.restricted().any(|place| place < keys);
    let where_clause = Where::new(&mut restrictions, table, select.allow_filtering, statics)?;
    // In Cassandra's order: partitions and rows first, then what is asked of them.
    distinct?;
    let group = group?;
    if !selected.gathers.is_empty() && group.is_none() && select.per_partition_limit.is_some() {
        return invalid("PER PARTITION LIMIT is not allowed with aggregate queries.");
    }
    if where_clause.indexed && !select.order_by.is_empty() {
        return invalid("ORDER BY with 2ndary indexes is not supported, except for ANN queries.");
    }
    let (reversed, sorted) = order(&select.order_by, table, &where_clause)?;
    if where_clause.filtering {
        return invalid(FILTERING);
    }
    let scope = &mut Scope { table, markers };
    let mut limit = |term: &Option<ast::Term>, name| {
        let term = term.as_ref().map(|term| scope.term(term, Receiver { name, ty: &Type::Int })).transpose()?;
        if let Some(Term::Value(value)) = &term {
            read::positive(value)?;
        }
        Ok(term)
    };
    let per_partition = limit(&select.per_partition_limit, "[per_partition_limit]")?;
    let limit = limit(&select.limit, "[limit]")?;
    let fetch = match &select.selection {
        Selection::All => None,
        Selection::Some(_) => Some(fetched(&selected, &where_clause.filters, table)),
    };
    let Where { partition, token, clustering, span, filters, nothing, .. } = where_clause;
    let Choices { choices, constants, columns, gathers } = selected;
    let one = || ColumnSpec {
        keyspace: table.keyspace.clone(),
        table: table.name.clone(),
        name: "[json]".into(),
        ty: Type::Text,
    };
    let (columns, json) = if select.json { ([one()].into(), Some(columns)) } else { (columns, None) };
    Ok(Rc::new(SelectPlan {
        table: table.clone(),
        columns,
        json,
        choices,
        constants,
        gathers,
        group,
        keyed,
        partition,
        token,
        clustering,
        span,
        filters,
        nothing,
        reversed,
        sorted,
        limit,
        per_partition,
        distinct: select.distinct,
        fetch,
    }))
}

impl SelectPlan {
    /// Names and types of the result.
    pub(crate) fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    /// Whether rows are gathered rather than answered.
    fn aggregates(&self) -> bool {
        !self.gathers.is_empty()
    }

    /// Whether a partition with static values but no rows is a row of its own (semantics.md, small print).
    fn shows_statics_alone(&self) -> bool {
        self.table.has_statics() && self.clustering.is_empty() && self.span.is_none()
    }
}

/// What a `WHERE` comes to: keys, slices, and what has to be tested row by row.
struct Where {
    partition: Option<Vec<Part>>,
    token: Option<Restriction>,
    clustering: Vec<Part>,
    span: Option<Span>,
    filters: Vec<Filter>,
    /// Whether it finds nothing, whatever is there.
    nothing: bool,
    /// Whether an index answers part of it.
    indexed: bool,
    /// Whether rows of all partitions are tested, which nobody allowed.
    filtering: bool,
}

/// What indexes answer of the relations that keys do not.
struct Indexed {
    any: bool,
    /// All of them: then no filtering has to be allowed.
    all: bool,
    /// Whether one could answer some relation, be it one that keys answer: then what they do not is refused late.
    usable: bool,
}

/// An index answers one relation, storage-attached ones any number together.
fn answered(restrictions: &Restrictions, table: &Table, whole: bool) -> Indexed {
    let keys = table.partition_key().len();
    // Where keys alone do not lead to rows, all of them are tested.
    let mut open = !whole || gap(restrictions, table) || contains(restrictions, table);
    let mut asked: Vec<(usize, Asked)> = Vec::new();
    for at in 0..table.columns().len() {
        let restriction = restrictions.at(at);
        // Keys as far as they lead to rows by themselves.
        let by_key = if at < keys { whole } else { at < keys + table.clustering().len() && !open };
        if by_key {
            open |= at >= keys && !matches!(restriction, Some(Restriction::Equal(_) | Restriction::In(_)));
            if at < keys || restriction.is_some() {
                continue;
            }
        }
        asked.extend(restriction.map(|restriction| {
            (
                at,
                match restriction {
                    Restriction::Equal(_) => Asked::Equal,
                    Restriction::Range { .. } => Asked::Range,
                    _ => Asked::Other,
                },
            )
        }));
    }
    let by_keys = (0..table.columns().len()).filter_map(|at| {
        let equal = matches!(restrictions.at(at)?, Restriction::Equal(_));
        Some((at, if equal { Asked::Equal } else { Asked::Other }))
    });
    let usable = by_keys.into_iter().any(|(at, asked)| table.answers(at, asked).0);
    asked.extend(restrictions.extras.iter().map(|(place, extra)| (*place as usize, extra.asked())));
    let answers: Vec<(bool, bool)> = asked.iter().map(|(place, asked)| table.answers(*place, *asked)).collect();
    let any = answers.iter().any(|(any, _)| *any);
    Indexed {
        any,
        usable: any || usable,
        all: answers.iter().all(|(any, attached)| *any && (*attached || answers.len() == 1)) && !answers.is_empty(),
    }
}

/// Whether a clustering column is asked for behind one that is not, or behind a slice.
fn gap(restrictions: &Restrictions, table: &Table) -> bool {
    let keys = table.partition_key().len();
    let mut open = false;
    (keys..keys + table.clustering().len()).any(|at| match restrictions.at(at) {
        Some(_) if open => true,
        Some(Restriction::Range { .. }) | None => {
            open = true;
            false
        }
        Some(_) => false,
    })
}

/// Whether an element of a clustering column is asked for.
fn contains(restrictions: &Restrictions, table: &Table) -> bool {
    let keys = table.partition_key().len();
    let rows = keys..keys + table.clustering().len();
    restrictions.extras.iter().any(|(place, extra)| rows.contains(&(*place as usize)) && extra.is_contains())
}

impl Where {
    /// `statics` is what is wrong with rows where only static columns are asked for: told after what is wrong with partitions.
    fn new(
        restrictions: &mut Restrictions,
        table: &Table,
        allow_filtering: bool,
        statics: Result<(), Error>,
    ) -> Result<Where, Error> {
        let keys = table.partition_key().len();
        let restricted = |restrictions: &Restrictions, at: usize| restrictions.at(at).is_some();
        let whole = (0..keys).all(|at| matches!(restrictions.at(at), Some(Restriction::Equal(_) | Restriction::In(_))));
        let any = (0..keys).any(|at| restricted(restrictions, at));
        let listed = (0..keys).any(|at| matches!(restrictions.at(at), Some(Restriction::In(_))));
        let indexed = answered(restrictions, table, whole);
        if !allow_filtering {
            restrictions.behind_slices(table)?;
        }
        let allow_filtering = allow_filtering || indexed.all;
        let lenient = allow_filtering || indexed.usable;
        let mut indexes = indexed.any;
        let token = restrictions.token.take();
        let mut filters = Vec::new();
        let mut partition = None;
        if whole && token.is_none() {
            let mut parts = Vec::with_capacity(keys);
            for at in 0..keys {
                if let Some(Ok(part)) = restrictions.take(at).map(Part::of) {
                    parts.push(part);
                }
            }
            partition = Some(parts);
        } else if any {
            if !(lenient || whole && token.is_some()) {
                return invalid(FILTERING);
            }
            indexes |= indexed.usable && !whole;
            for at in 0..keys {
                if let Some(restriction) = restrictions.take(at) {
                    filters.push(Filter::new(at as u32, restriction, table)?);
                }
            }
        }
        if !lenient && restrictions.extras.iter().any(|(place, _)| (*place as usize) < keys) {
            return invalid(FILTERING);
        }
        statics?;
        let rows = keys..keys + table.clustering().len();
        if !lenient && contains(restrictions, table) {
            return invalid(
                "Clustering columns can only be restricted with CONTAINS with a secondary index or filtering",
            );
        }
        let gap_or_slice = gap(restrictions, table);
        let any_row = rows.clone().any(|at| restricted(restrictions, at));
        indexes |= indexed.usable && gap_or_slice;
        let (clustering, span) = if gap_or_slice && lenient {
            let mut parts = Vec::new();
            let mut span = None;
            for at in rows {
                match restrictions.take(at) {
                    None => break,
                    Some(restriction) => match Part::of(restriction) {
                        Ok(part) => parts.push(part),
                        Err(slice) => {
                            span = Some(slice);
                            break;
                        }
                    },
                }
            }
            (parts, span)
        } else {
            clustering(restrictions, table)?
        };
        for (place, restriction) in restrictions.rest() {
            if !lenient {
                return invalid(FILTERING);
            }
            indexes |= indexed.usable;
            filters.push(Filter::new(place, restriction, table)?);
        }
        for (place, extra) in restrictions.extras.drain(..) {
            if !lenient {
                return invalid(FILTERING);
            }
            indexes |= indexed.usable;
            filters.push(Filter::extra(place, extra, table));
        }
        if indexes && listed {
            return invalid("Select on indexed columns and with IN clause for the PRIMARY KEY are not supported");
        }
        let filtering = !allow_filtering && (partition.is_none() && any_row || indexes);
        // The entries of an index of a static column are of no row: who asks it for rows of one partition gets none.
        let rows = !clustering.is_empty() || span.is_some();
        let mut by_index = filters.iter().filter_map(|filter| filter.indexed(table)).peekable();
        let nothing = partition.is_some()
            && rows
            && by_index.peek().is_some()
            && by_index.all(|column| column.kind == ColumnKind::Static);
        Ok(Where { partition, token, clustering, span, filters, nothing, indexed: indexes, filtering })
    }
}

/// Whether rows come against clustering order, and by how many columns those of several partitions are sorted together.
fn order(order_by: &[ast::Ordering], table: &Table, found: &Where) -> Result<(bool, Option<u32>), Error> {
    if order_by.is_empty() {
        return Ok((false, None));
    }
    let Some(partition) = &found.partition else {
        return invalid("ORDER BY is only supported when the partition key is restricted by an EQ or an IN.");
    };
    let mut reversed = None;
    let mut next = 0;
    for ordering in order_by {
        let column = table.need(&ordering.column)?;
        let ColumnKind::Clustering { position, descending } = column.kind else {
            return invalid(format!(
                "Order by is currently only supported on the clustered columns of the PRIMARY KEY, got {}",
                column.name
            ));
        };
        // Columns that `=` fixes may be left out.
        let fixed = |at: u32| {
            found.clustering.iter().take(at as usize + 1).filter(|part| matches!(part, Part::One(_))).count()
                > at as usize
        };
        while next < position && fixed(next) {
            next += 1;
        }
        if next != position {
            return invalid(
                "Order by currently only supports the ordering of columns following their declared order in the PRIMARY KEY",
            );
        }
        next += 1;
        let against = ordering.descending != descending;
        if *reversed.get_or_insert(against) != against {
            return invalid("Unsupported order by relation");
        }
    }
    let several = partition.iter().any(|part| matches!(part, Part::Many(_)));
    Ok((reversed.unwrap_or(false), several.then_some(next)))
}

/// The columns outside the key that selection and filters need, by number.
fn fetched(selected: &Choices, filters: &[Filter], table: &Table) -> Rc<[ColumnId]> {
    let mut places = selected.places();
    places.extend(filters.iter().map(Filter::place));
    let mut ids: Vec<ColumnId> = places
        .iter()
        .filter_map(|at| table.columns().get(*at as usize))
        .filter(|column| !column.is_key())
        .map(|column| column.id)
        .collect();
    order::sort_dedup(&mut ids);
    ids.into()
}
