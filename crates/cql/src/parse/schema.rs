//! `CREATE`, `ALTER` and `DROP` of everything, tables and roles apart.

use super::cursor::{Cursor, Parsed};
use crate::ast::{
    AlterKeyspace, AlterType, AlterView, CreateAggregate, CreateFunction, CreateIndex, CreateKeyspace, CreateTrigger,
    CreateType, Drop, DropKeyspace, DropRoutine, DropTrigger, Dropped, IndexTarget, IndexTargetKind, Routine,
    Statement, TypeChange,
};
use crate::lex::{Keyword, Tok};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl Cursor<'_> {
    pub(super) fn create(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.eat(Keyword::Keyspace) {
            let if_not_exists = self.if_not_exists()?;
            let name = self.name()?;
            self.expect(Keyword::With)?;
            let properties = self.properties()?;
            return Ok(Statement::CreateKeyspace(CreateKeyspace { if_not_exists, name, properties }));
        }
        if self.table_keyword() {
            return self.create_table();
        }
        if self.eat(Keyword::Type) {
            return self.create_type();
        }
        if self.eat(Keyword::Custom) {
            self.expect(Keyword::Index)?;
            return self.create_index(true);
        }
        if self.eat(Keyword::Index) {
            return self.create_index(false);
        }
        if self.eat(Keyword::Materialized) {
            self.expect(Keyword::View)?;
            return self.create_view();
        }
        if self.eat(Keyword::Trigger) {
            let if_not_exists = self.if_not_exists()?;
            let name = self.name()?;
            self.expect(Keyword::On)?;
            let table = self.qualified()?;
            self.expect(Keyword::Using)?;
            let using = self.string()?;
            return Ok(Statement::CreateTrigger(CreateTrigger { if_not_exists, name, table, using }));
        }
        if self.eat(Keyword::Role) {
            return self.create_role(false);
        }
        if self.eat(Keyword::User) {
            return self.create_role(true);
        }
        let or_replace = self.eat(Keyword::Or);
        if or_replace {
            self.expect(Keyword::Replace)?;
        }
        if self.eat(Keyword::Function) {
            return self.create_function(or_replace);
        }
        self.expect(Keyword::Aggregate)?;
        self.create_aggregate(or_replace)
    }

    pub(super) fn alter(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.eat(Keyword::Keyspace) {
            let if_exists = self.if_exists()?;
            let name = self.name()?;
            self.expect(Keyword::With)?;
            let properties = self.properties()?;
            return Ok(Statement::AlterKeyspace(AlterKeyspace { if_exists, name, properties }));
        }
        if self.table_keyword() {
            return self.alter_table();
        }
        if self.eat(Keyword::Type) {
            return self.alter_type();
        }
        if self.eat(Keyword::Materialized) {
            self.expect(Keyword::View)?;
            let if_exists = self.if_exists()?;
            let name = self.qualified()?;
            self.expect(Keyword::With)?;
            let properties = self.properties()?;
            return Ok(Statement::AlterView(AlterView { if_exists, name, properties }));
        }
        if self.eat(Keyword::Role) {
            return self.alter_role(false);
        }
        self.expect(Keyword::User)?;
        self.alter_role(true)
    }

    pub(super) fn drop(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.eat(Keyword::Keyspace) {
            let if_exists = self.if_exists()?;
            return Ok(Statement::DropKeyspace(DropKeyspace { if_exists, name: self.name()? }));
        }
        if self.table_keyword() {
            return self.dropped(Dropped::Table);
        }
        if self.eat(Keyword::Type) {
            let if_exists = self.if_exists()?;
            let name = self.qualified_type()?;
            return Ok(Statement::Drop(Drop { what: Dropped::Type, if_exists, name }));
        }
        if self.eat(Keyword::Index) {
            return self.dropped(Dropped::Index);
        }
        if self.eat(Keyword::Materialized) {
            self.expect(Keyword::View)?;
            return self.dropped(Dropped::View);
        }
        if self.eat(Keyword::Trigger) {
            let if_exists = self.if_exists()?;
            let name = self.name()?;
            self.expect(Keyword::On)?;
            return Ok(Statement::DropTrigger(DropTrigger { if_exists, name, table: self.qualified()? }));
        }
        if self.eat(Keyword::Function) {
            return self.drop_routine(Routine::Function);
        }
        if self.eat(Keyword::Aggregate) {
            return self.drop_routine(Routine::Aggregate);
        }
        if self.eat(Keyword::Identity) {
            return self.drop_identity();
        }
        if self.eat(Keyword::Role) {
            return self.drop_role(false);
        }
        self.expect(Keyword::User)?;
        self.drop_role(true)
    }

    fn dropped(&mut self, what: Dropped) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        Ok(Statement::Drop(Drop { what, if_exists, name: self.qualified()? }))
    }

    fn drop_routine(&mut self, what: Routine) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        let name = self.qualified_function()?;
        let arguments = if self.kind() == Tok::Open { Some(self.enclosed(Self::type_name)?) } else { None };
        Ok(Statement::DropRoutine(DropRoutine { what, if_exists, name, arguments }))
    }

    fn create_type(&mut self) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_type()?;
        self.expect_symbol(Tok::Open)?;
        let mut fields = Vec::new();
        loop {
            let field = self.name()?;
            fields.push((field, self.type_name()?));
            if !self.comma_before_close()? {
                break;
            }
        }
        Ok(Statement::CreateType(CreateType { if_not_exists, name, fields }))
    }

    fn alter_type(&mut self) -> Parsed<Statement> {
        let if_exists = self.if_exists()?;
        let name = self.qualified_type()?;
        let change = if self.eat(Keyword::Alter) {
            let field = self.name()?;
            self.expect(Keyword::Type)?;
            TypeChange::Type { field, ty: self.type_name()? }
        } else if self.eat(Keyword::Add) {
            let if_not_exists = self.if_not_exists()?;
            let field = self.name()?;
            TypeChange::Add { if_not_exists, field, ty: self.type_name()? }
        } else {
            self.expect(Keyword::Rename)?;
            let if_exists = self.if_exists()?;
            TypeChange::Rename { if_exists, renames: self.joined(Self::rename)? }
        };
        Ok(Statement::AlterType(Box::new(AlterType { if_exists, name, change })))
    }

    fn create_index(&mut self, custom: bool) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = if self.at(Keyword::On) { None } else { Some(self.name()?) };
        self.expect(Keyword::On)?;
        let table = self.qualified()?;
        let targets = self.enclosed(Self::index_target)?;
        let using = if self.eat(Keyword::Using) { Some(self.string()?) } else { None };
        let properties = if self.eat(Keyword::With) { self.properties()? } else { Vec::new() };
        Ok(Statement::CreateIndex(Box::new(CreateIndex {
            custom,
            if_not_exists,
            name,
            table,
            targets,
            using,
            properties,
        })))
    }

    fn index_target(&mut self) -> Parsed<IndexTarget> {
        let kind = match self.kind() {
            Tok::Keyword(Keyword::Values) => IndexTargetKind::Values,
            Tok::Keyword(Keyword::Keys) => IndexTargetKind::Keys,
            Tok::Keyword(Keyword::Entries) => IndexTargetKind::Entries,
            Tok::Keyword(Keyword::Full) => IndexTargetKind::Full,
            _ => IndexTargetKind::Simple,
        };
        if kind == IndexTargetKind::Simple || self.next_kind() != Tok::Open {
            return Ok(IndexTarget { kind: IndexTargetKind::Simple, column: self.column()? });
        }
        self.advance();
        self.advance();
        let column = self.column()?;
        self.expect_symbol(Tok::Close)?;
        Ok(IndexTarget { kind, column })
    }

    fn create_function(&mut self, or_replace: bool) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_function()?;
        let arguments = self.enclosed(|cursor| {
            let argument = cursor.name()?;
            Ok((argument, cursor.type_name()?))
        })?;
        let called_on_null = self.eat(Keyword::Called);
        if !called_on_null {
            self.expect(Keyword::Returns)?;
            self.expect(Keyword::Null)?;
        }
        for keyword in [Keyword::On, Keyword::Null, Keyword::Input, Keyword::Returns] {
            self.expect(keyword)?;
        }
        let returns = self.type_name()?;
        self.expect(Keyword::Language)?;
        if self.kind() != Tok::Word {
            return self.unexpected(&["a language"]);
        }
        let language = self.name()?;
        self.expect(Keyword::As)?;
        let body = self.string()?;
        Ok(Statement::CreateFunction(Box::new(CreateFunction {
            or_replace,
            if_not_exists,
            name,
            arguments,
            called_on_null,
            returns,
            language,
            body,
        })))
    }

    fn create_aggregate(&mut self, or_replace: bool) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.qualified_function()?;
        let arguments = self.enclosed(Self::type_name)?;
        self.expect(Keyword::Sfunc)?;
        let state_function = self.function_name()?;
        self.expect(Keyword::Stype)?;
        let state_type = self.type_name()?;
        let final_function = if self.eat(Keyword::Finalfunc) { Some(self.function_name()?) } else { None };
        let initial = if self.eat(Keyword::Initcond) { Some(self.term()?) } else { None };
        Ok(Statement::CreateAggregate(Box::new(CreateAggregate {
            or_replace,
            if_not_exists,
            name,
            arguments,
            state_function,
            state_type,
            final_function,
            initial,
        })))
    }
}
