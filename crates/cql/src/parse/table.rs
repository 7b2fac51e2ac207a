//! `CREATE TABLE`, `ALTER TABLE`, `CREATE MATERIALIZED VIEW`.

use super::cursor::{Cursor, Parsed};
use crate::ast::{
    AlterTable, ColumnDefinition, ColumnMask, CreateTable, CreateView, Name, PrimaryKey, Property, Statement,
    TableChange,
};
use crate::lex::{Keyword, Tok};
use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

/// What may stand after `WITH` besides properties.
#[derive(Default)]
struct TableOptions {
    clustering_order: Vec<(Name, bool)>,
    compact_storage: bool,
    properties: Vec<Property>,
}

impl Cursor<'_> {
    pub(super) fn create_table(&mut self) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified()?;
        let (mut columns, mut primary_keys) = (Vec::new(), Vec::new());
        self.expect_symbol(Tok::Open)?;
        loop {
            if self.eat(Keyword::Primary) {
                primary_keys.push(self.primary_key()?);
            } else {
                let column = self.column_definition()?;
                if self.eat(Keyword::Primary) {
                    self.expect(Keyword::Key)?;
                    primary_keys
                        .push(PrimaryKey { partition: Vec::from([column.name.clone()]), clustering: Vec::new() });
                }
                columns.push(column);
            }
            if !self.comma_before_close()? {
                break;
            }
        }
        let options = self.table_options()?;
        Ok(Statement::CreateTable(Box::new(CreateTable {
            if_not_exists,
            name,
            columns,
            primary_keys,
            clustering_order: options.clustering_order,
            compact_storage: options.compact_storage,
            properties: options.properties,
        })))
    }

    /// After one definition: whether another follows, or else the `)`. Any number of commas may stand between.
    pub(super) fn comma_before_close(&mut self) -> Parsed<bool> {
        let mut comma = false;
        while self.take(Tok::Comma) {
            comma = true;
        }
        if comma && self.kind() != Tok::Close {
            return Ok(true);
        }
        self.expect_symbol(Tok::Close)?;
        Ok(false)
    }

    fn column_definition(&mut self) -> Parsed<ColumnDefinition> {
        let name = self.name()?;
        let ty = self.type_name()?;
        let is_static = self.eat(Keyword::Static);
        let mask = if self.at(Keyword::Masked) { Some(self.mask()?) } else { None };
        Ok(ColumnDefinition { name, ty, is_static, mask })
    }

    /// `MASKED WITH …`
    fn mask(&mut self) -> Parsed<ColumnMask> {
        self.expect(Keyword::Masked)?;
        self.expect(Keyword::With)?;
        if self.kind() == Tok::Keyword(Keyword::Default) && !matches!(self.next_kind(), Tok::Open | Tok::Dot) {
            self.advance();
            return Ok(ColumnMask::Default);
        }
        self.note(Keyword::Default.text());
        let function = self.qualified_function()?;
        Ok(ColumnMask::Function(function, self.enclosed(Self::term)?))
    }

    /// `KEY ((a, b), c)` after `PRIMARY`.
    pub(super) fn primary_key(&mut self) -> Parsed<PrimaryKey> {
        self.expect(Keyword::Key)?;
        self.expect_symbol(Tok::Open)?;
        let partition = if self.take(Tok::Open) {
            let partition = self.listed(Self::name)?;
            self.expect_symbol(Tok::Close)?;
            partition
        } else {
            Vec::from([self.name()?])
        };
        let clustering = if self.take(Tok::Comma) { self.listed(Self::name)? } else { Vec::new() };
        self.expect_symbol(Tok::Close)?;
        Ok(PrimaryKey { partition, clustering })
    }

    fn table_options(&mut self) -> Parsed<TableOptions> {
        let mut options = TableOptions::default();
        if !self.eat(Keyword::With) {
            return Ok(options);
        }
        self.joined(|cursor| cursor.table_option(&mut options))?;
        Ok(options)
    }

    fn table_option(&mut self, options: &mut TableOptions) -> Parsed<()> {
        // Both words may also be the names of properties.
        let is_property = self.next_kind() == Tok::Equal;
        if !is_property && self.eat(Keyword::Compact) {
            self.expect(Keyword::Storage)?;
            options.compact_storage = true;
            return Ok(());
        }
        if !is_property && self.eat(Keyword::Clustering) {
            self.expect(Keyword::Order)?;
            self.expect(Keyword::By)?;
            self.expect_symbol(Tok::Open)?;
            let order = self.listed(|cursor| {
                let column = cursor.name()?;
                if cursor.eat(Keyword::Asc) {
                    return Ok((column, false));
                }
                cursor.expect(Keyword::Desc)?;
                Ok((column, true))
            })?;
            options.clustering_order.extend(order);
            return self.expect_symbol(Tok::Close);
        }
        self.property(&mut options.properties)
    }

    pub(super) fn create_view(&mut self) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified()?;
        self.expect(Keyword::As)?;
        self.expect(Keyword::Select)?;
        let selection = self.selection()?;
        self.expect(Keyword::From)?;
        let from = self.qualified()?;
        let relations = if self.eat(Keyword::Where) { self.joined(Self::relation)? } else { Vec::new() };
        self.expect(Keyword::Primary)?;
        let primary_key = self.primary_key()?;
        let at = self.span();
        let options = self.table_options()?;
        if options.compact_storage {
            let reason = "COMPACT STORAGE tables are not allowed starting with version 4.0";
            return self.refuse(at, reason.to_string());
        }
        Ok(Statement::CreateView(Box::new(CreateView {
            if_not_exists,
            name,
            selection,
            from,
            relations,
            primary_key,
            clustering_order: options.clustering_order,
            properties: options.properties,
        })))
    }

    pub(super) fn alter_table(&mut self) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        let name = self.qualified()?;
        let change = if self.eat(Keyword::Alter) {
            self.alter_column()?
        } else if self.eat(Keyword::Add) {
            let if_not_exists = self.if_not_exists()?;
            let columns = if self.kind() == Tok::Open {
                self.some_enclosed(Self::column_definition)?
            } else {
                Vec::from([self.column_definition()?])
            };
            TableChange::Add { if_not_exists, columns }
        } else if self.eat(Keyword::Drop) {
            self.drop_columns()?
        } else if self.eat(Keyword::Rename) {
            let if_exists = self.if_exists()?;
            TableChange::Rename { if_exists, renames: self.joined(Self::rename)? }
        } else {
            self.expect(Keyword::With)?;
            TableChange::With(self.properties()?)
        };
        Ok(Statement::AlterTable(Box::new(AlterTable { if_exists, name, change })))
    }

    /// `a TO b`
    pub(super) fn rename(&mut self) -> Parsed<(Name, Name)> {
        let from = self.name()?;
        self.expect(Keyword::To)?;
        Ok((from, self.name()?))
    }

    fn alter_column(&mut self) -> Parsed<TableChange> {
        let if_exists = self.if_exists()?;
        let column = self.column()?;
        if !if_exists && self.eat(Keyword::Type) {
            return Ok(TableChange::Type { column, ty: self.type_name()? });
        }
        if self.eat(Keyword::Drop) {
            self.expect(Keyword::Masked)?;
            return Ok(TableChange::Mask { if_exists, column, mask: None });
        }
        Ok(TableChange::Mask { if_exists, column, mask: Some(self.mask()?) })
    }

    fn drop_columns(&mut self) -> Parsed<TableChange> {
        if self.kind() == Tok::Keyword(Keyword::Compact) && self.next_kind() == Tok::Keyword(Keyword::Storage) {
            self.advance();
            self.advance();
            return Ok(TableChange::DropCompactStorage);
        }
        let if_exists = self.if_exists()?;
        let columns =
            if self.kind() == Tok::Open { self.some_enclosed(Self::name)? } else { Vec::from([self.name()?]) };
        let mut timestamp = None;
        if self.eat(Keyword::Using) {
            self.expect(Keyword::Timestamp)?;
            timestamp = match (self.kind(), self.word().parse::<i64>()) {
                (Tok::Integer, Ok(value)) => Some(value),
                _ => return self.unexpected(&["a 64-bit integer"]),
            };
            self.advance();
        }
        Ok(TableChange::Drop { if_exists, columns, timestamp })
    }

    /// `(item, …)`, at least one.
    pub(super) fn some_enclosed<T>(&mut self, item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect_symbol(Tok::Open)?;
        let items = self.listed(item)?;
        self.expect_symbol(Tok::Close)?;
        Ok(items)
    }
}
