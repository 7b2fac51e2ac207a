//! Random statements over a random table: what people write, and what they should not.

mod reads;
mod writes;

use super::schema::{CREATE_TYPE, Column, Role, Table, one, table};
use super::statement::{Marked, Statement};
use sim::Chance;

/// A program: its statements, and of what kind each is.
pub struct Program {
    pub statements: Vec<Statement>,
    /// By place.
    pub kinds: Vec<&'static str>,
}

/// The program of this seed.
pub fn program(seed: u64, statements: u32) -> Program {
    let mut luck = Chance::new(seed, 0);
    let table = table(&mut luck);
    let mut program = Program { statements: Vec::new(), kinds: Vec::new() };
    let mut add = |kind, statement| {
        program.statements.push(statement);
        program.kinds.push(kind);
    };
    if table.create.contains("$U") {
        add("CREATE TYPE", Statement::plain(CREATE_TYPE));
    }
    add("CREATE TABLE", Statement::plain(table.create.clone()));
    let mut author = Author { luck, table, marking: false, bounding: false, deciding: false, marked: Vec::new() };
    if author.chance(30) {
        add("CREATE INDEX", Statement::plain(author.index()));
    }
    for _ in 1..statements {
        let (kind, statement) = author.next();
        add(kind, statement);
    }
    program
}

struct Author {
    luck: Chance,
    table: Table,
    /// Whether this statement is to be prepared: then some literals become markers.
    marking: bool,
    /// Whether a null or unset value among them would break the server (DIFFERENCES.md, null-bound).
    bounding: bool,
    /// The same of an unset value alone.
    deciding: bool,
    /// What they stand for, in no order.
    marked: Vec<Marked>,
}

type Said = (&'static str, String);

/// Between these stands the number of a marker until the statement is whole.
const MARKER: char = '\u{1}';

impl Author {
    fn below(&mut self, n: u64) -> u64 {
        self.luck.below(n)
    }

    fn chance(&mut self, of_100: u64) -> bool {
        self.below(100) < of_100
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        one(&mut self.luck, of).copied().unwrap_or_default()
    }

    fn columns(&self, role: Role) -> Vec<Column> {
        self.table.columns.iter().filter(|column| column.role == role).cloned().collect()
    }

    fn any(&mut self) -> Option<Column> {
        one(&mut self.luck, &self.table.columns).cloned()
    }

    /// A value for a column: at times null, or another column's.
    fn value(&mut self, column: &Column) -> String {
        let key = matches!(column.role, Role::Partition | Role::Clustering);
        match self.below(100) {
            0..4 if !key => "null".into(),
            4..6 => match self.any() {
                // Bytes that are no value break the server (DIFFERENCES.md, broken-bytes).
                Some(other) if !column.ty.broken_by(other.ty, self.marking) => self.fitting(&other),
                _ => self.fitting(column),
            },
            _ => self.fitting(column),
        }
    }

    fn fitting(&mut self, column: &Column) -> String {
        let literal = one(&mut self.luck, column.ty.values).map_or("null", |value| value);
        self.literal(column.ty.name, literal)
    }

    /// A literal, or a marker for it where the statement is prepared.
    fn literal(&mut self, ty: &'static str, literal: &str) -> String {
        // What is sent for a user-defined type or a tuple is of a driver's making, and so are its errors.
        let bindable = !ty.contains("$U") && !ty.starts_with("tuple");
        if !self.marking || !bindable || self.chance(40) {
            return literal.into();
        }
        let literal = match self.below(40) {
            0 | 1 if self.bounding => literal,
            0 => "null",
            1 if !self.deciding => "unset",
            _ => literal,
        };
        self.marked.push(Marked { ty, literal: literal.into() });
        format!("{MARKER}{}{MARKER}", self.marked.len() - 1)
    }

    fn next(&mut self) -> (&'static str, Statement) {
        self.marking = self.chance(25);
        self.marked.clear();
        let (kind, text) = self.statement();
        if !self.marking || kind == "ALTER TABLE" {
            return (kind, Statement::plain(text));
        }
        let mut values = Vec::new();
        let mut marked = String::new();
        for (at, part) in text.split(MARKER).enumerate() {
            match part.parse::<usize>().ok().filter(|_| at % 2 == 1).and_then(|number| self.marked.get(number)) {
                Some(value) => {
                    values.push(value.clone());
                    marked.push('?');
                }
                None => marked.push_str(part),
            }
        }
        (kind, Statement { text: marked, values: Some(values) })
    }

    fn statement(&mut self) -> Said {
        match self.below(100) {
            0..27 => ("INSERT", self.insert()),
            27..39 => ("UPDATE", self.update()),
            39..49 => ("DELETE", self.delete()),
            49..53 => ("BATCH", self.batch()),
            53..56 => ("INSERT JSON", self.insert_json()),
            56..61 => ("conditional", self.conditional()),
            61..72 => ("SELECT by key", self.select_by_key()),
            72..80 => ("SELECT by range", self.select_by_range()),
            80..85 => ("SELECT filtering", self.select_filtering()),
            85..89 => ("SELECT aggregates", self.select_aggregates()),
            89..95 => ("SELECT functions", self.select_functions()),
            95 => ("ALTER TABLE", self.alter()),
            // Which takes a real server long.
            96 if self.chance(30) => ("TRUNCATE", "TRUNCATE $T".into()),
            96 => ("SELECT by key", self.select_by_key()),
            _ => ("nonsense", self.nonsense()),
        }
    }

    fn index(&mut self) -> String {
        let name = self.any().map_or_else(|| "v0".into(), |column| column.name);
        match self.below(6) {
            0 => format!("CREATE INDEX ON $T (values({name}))"),
            1 => format!("CREATE INDEX ON $T (keys({name}))"),
            2 => format!("CREATE INDEX ON $T (full({name}))"),
            _ => format!("CREATE INDEX ON $T ({name})"),
        }
    }

    fn alter(&mut self) -> String {
        let n = self.below(3);
        match self.below(4) {
            0 => format!("ALTER TABLE $T ADD x{n} int"),
            1 => format!("ALTER TABLE $T DROP x{n}"),
            2 => "ALTER TABLE $T WITH gc_grace_seconds = 5".into(),
            _ => format!("ALTER TABLE $T RENAME c{n} TO k{n}"),
        }
    }

    fn nonsense(&mut self) -> String {
        let statement = self.insert();
        match self.below(5) {
            0 => statement.replace(") VALUES", ", nope) VALUES"),
            1 => statement.replacen('(', "", 1),
            2 => "SELECT nope FROM $T".into(),
            3 => "SELECT * FROM nowhere".into(),
            _ => statement.replacen("$T", "$T.$T", 1),
        }
    }
}
