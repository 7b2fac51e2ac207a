//! One walk over everything in a statement that names a keyspace or binds a value, in text order.

use super::{
    Access, Assignment, Attribute, Attributes, ColumnDefinition, ColumnMask, Condition, DescribeTarget, Expr,
    InsertSource, JsonValue, Marker, Modification, Name, Qualified, Reference, Relation, Resource, Selection, Selector,
    Statement, Subject, TableChange, Term, Test, TypeChange, TypeName, Values,
};
use super::{Deletion, Drop};
use alloc::string::String;
use core::convert::Infallible;

impl Statement {
    /// Gives every keyspace that is named a new name: those before a dot, and those of `USE`, `CREATE KEYSPACE` and the
    /// like. `rename` sees each old name without quotes, `system` included. The bare name of `DESCRIBE name` stays: only
    /// the schema knows whether it is a keyspace.
    pub fn rename_keyspaces(&mut self, rename: &dyn Fn(&str) -> String) {
        walk(self, &mut Renamer(rename));
    }
}

struct Renamer<'a>(&'a dyn Fn(&str) -> String);

impl Visitor for Renamer<'_> {
    fn keyspace(&mut self, name: &mut Name) {
        *name = Name::from((self.0)(name));
    }
}

/// What a walk is for.
pub(crate) trait Visitor {
    /// A keyspace's name.
    fn keyspace(&mut self, _: &mut Name) {}
    /// A bind marker.
    fn marker(&mut self, _: &mut Marker) {}
}

/// The part of an expression that only its language has.
trait Leaf: Sized {
    fn walk(&mut self, visitor: &mut dyn Visitor);
}

impl Leaf for Infallible {
    fn walk(&mut self, _: &mut dyn Visitor) {
        match *self {}
    }
}

impl Leaf for Reference {
    fn walk(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Reference::Column(_) | Reference::CountRows => {}
            Reference::Field(inner, _) | Reference::Write(_, inner) => expr(inner, visitor),
            Reference::Element(inner, key) => {
                expr(inner, visitor);
                expr(key, visitor);
            }
            Reference::Slice(inner, ends) => {
                expr(inner, visitor);
                ends.0.iter_mut().chain(&mut ends.1).for_each(|end| expr(end, visitor));
            }
        }
    }
}

fn expr<R: Leaf>(this: &mut Expr<R>, visitor: &mut dyn Visitor) {
    match this {
        Expr::Literal(_) | Expr::Null => {}
        Expr::Marker(marker) => visitor.marker(marker),
        Expr::List(items) | Expr::Set(items) | Expr::Tuple(items) => {
            items.iter_mut().for_each(|item| expr(item, visitor));
        }
        Expr::Map(entries) => {
            for (key, value) in entries {
                expr(key, visitor);
                expr(value, visitor);
            }
        }
        Expr::Udt(fields) => fields.iter_mut().for_each(|(_, value)| expr(value, visitor)),
        Expr::Call(call) => {
            qualified(&mut call.function, visitor);
            call.arguments.iter_mut().for_each(|argument| expr(argument, visitor));
        }
        Expr::Hint(hint) => {
            type_name(&mut hint.0, visitor);
            expr(&mut hint.1, visitor);
        }
        Expr::Cast(inner, _) | Expr::Negate(inner) => expr(inner, visitor),
        Expr::Binary(binary) => {
            expr(&mut binary.left, visitor);
            expr(&mut binary.right, visitor);
        }
        Expr::Reference(reference) => reference.walk(visitor),
    }
}

fn qualified(name: &mut Qualified, visitor: &mut dyn Visitor) {
    if let Some(keyspace) = &mut name.keyspace {
        visitor.keyspace(keyspace);
    }
}

fn type_name(ty: &mut TypeName, visitor: &mut dyn Visitor) {
    match ty {
        TypeName::Native(_) | TypeName::Custom(_) => {}
        TypeName::List(inner) | TypeName::Set(inner) | TypeName::Vector(inner, _) | TypeName::Frozen(inner) => {
            type_name(inner, visitor);
        }
        TypeName::Map(parts) => {
            type_name(&mut parts.0, visitor);
            type_name(&mut parts.1, visitor);
        }
        TypeName::Tuple(parts) => types(parts, visitor),
        TypeName::User(name) => qualified(name, visitor),
    }
}

fn types(types: &mut [TypeName], visitor: &mut dyn Visitor) {
    types.iter_mut().for_each(|ty| type_name(ty, visitor));
}

fn terms(terms: &mut [Term], visitor: &mut dyn Visitor) {
    terms.iter_mut().for_each(|term| expr(term, visitor));
}

fn using(using: &mut Attributes, visitor: &mut dyn Visitor) {
    for attribute in &mut using.0 {
        match attribute {
            Attribute::Timestamp(term) | Attribute::Ttl(term) | Attribute::Timeout(term) => expr(term, visitor),
        }
    }
}

fn relations(relations: &mut [Relation], visitor: &mut dyn Visitor) {
    for relation in relations {
        match &mut relation.subject {
            Subject::Element(_, key) => expr(key, visitor),
            Subject::Index(index) => qualified(index, visitor),
            Subject::Column(_) | Subject::Field(_, _) | Subject::Token(_) | Subject::Tuple(_) => {}
        }
        match &mut relation.test {
            Test::Compare(_, term)
            | Test::Contains(term)
            | Test::ContainsKey(term)
            | Test::Like(term)
            | Test::Expression(term) => expr(term, visitor),
            Test::In(Values::Listed(listed)) => terms(listed, visitor),
            Test::In(Values::Marker(marker)) => visitor.marker(marker),
            Test::IsNotNull => {}
        }
    }
}

fn condition(condition: &mut Condition, visitor: &mut dyn Visitor) {
    match condition {
        Condition::None | Condition::Exists => {}
        Condition::All(conditions) => relations(conditions, visitor),
    }
}

fn selection(selection: &mut Selection, visitor: &mut dyn Visitor) {
    match selection {
        Selection::All => {}
        Selection::Some(selected) => selected.iter_mut().for_each(|one| expr(&mut one.selector, visitor)),
    }
}

fn modification(this: &mut Modification, visitor: &mut dyn Visitor) {
    match this {
        Modification::Insert(insert) => {
            qualified(&mut insert.table, visitor);
            match &mut insert.source {
                InsertSource::Values { values, .. } => terms(values, visitor),
                InsertSource::Json { value: JsonValue::Marker(marker), .. } => visitor.marker(marker),
                InsertSource::Json { value: JsonValue::Text(_), .. } => {}
            }
            using(&mut insert.using, visitor);
        }
        Modification::Update(update) => {
            qualified(&mut update.table, visitor);
            using(&mut update.using, visitor);
            for assignment in &mut update.assignments {
                match assignment {
                    Assignment::Set(_, term)
                    | Assignment::Add(_, term)
                    | Assignment::Subtract(_, term)
                    | Assignment::Prepend(_, term)
                    | Assignment::Field(_, _, term) => expr(term, visitor),
                    Assignment::Element(_, key, term) => {
                        expr(key, visitor);
                        expr(term, visitor);
                    }
                }
            }
            relations(&mut update.relations, visitor);
            condition(&mut update.condition, visitor);
        }
        Modification::Delete(delete) => {
            for target in &mut delete.targets {
                match target {
                    Deletion::Element(_, key) => expr(key, visitor),
                    Deletion::Column(_) | Deletion::Field(_, _) => {}
                }
            }
            qualified(&mut delete.table, visitor);
            using(&mut delete.using, visitor);
            relations(&mut delete.relations, visitor);
            condition(&mut delete.condition, visitor);
        }
    }
}

fn mask(mask: &mut Option<ColumnMask>, visitor: &mut dyn Visitor) {
    if let Some(ColumnMask::Function(function, arguments)) = mask {
        qualified(function, visitor);
        terms(arguments, visitor);
    }
}

fn columns(columns: &mut [ColumnDefinition], visitor: &mut dyn Visitor) {
    for column in columns {
        type_name(&mut column.ty, visitor);
        mask(&mut column.mask, visitor);
    }
}

fn access(access: &mut Access, visitor: &mut dyn Visitor) {
    let resource = match access {
        Access::Grant(_, resource, _) | Access::Revoke(_, resource, _) => resource,
        Access::ListPermissions(list) => match &mut list.resource {
            Some(resource) => resource,
            None => return,
        },
        Access::CreateRole(_, _)
        | Access::AlterRole(_, _)
        | Access::DropRole(_, _)
        | Access::GrantRole(_)
        | Access::RevokeRole(_)
        | Access::ListRoles(_)
        | Access::ListUsers
        | Access::AddIdentity(_, _)
        | Access::DropIdentity(_, _) => return,
    };
    match resource {
        Resource::Keyspace(name) | Resource::AllTables(name) | Resource::AllFunctions(Some(name)) => {
            visitor.keyspace(name);
        }
        Resource::Table(name) => qualified(name, visitor),
        Resource::Function(name, arguments) => {
            qualified(name, visitor);
            types(arguments, visitor);
        }
        Resource::AllKeyspaces
        | Resource::AllRoles
        | Resource::Role(_)
        | Resource::AllFunctions(None)
        | Resource::AllMbeans
        | Resource::Mbean(_)
        | Resource::Mbeans(_) => {}
    }
}

fn describe(target: &mut DescribeTarget, visitor: &mut dyn Visitor) {
    match target {
        DescribeTarget::Keyspace(_, Some(name)) => visitor.keyspace(name),
        DescribeTarget::Table(name)
        | DescribeTarget::Index(name)
        | DescribeTarget::View(name)
        | DescribeTarget::Type(name)
        | DescribeTarget::Function(name)
        | DescribeTarget::Aggregate(name)
        | DescribeTarget::Any(name) => qualified(name, visitor),
        DescribeTarget::Keyspace(_, None)
        | DescribeTarget::Cluster
        | DescribeTarget::Schema
        | DescribeTarget::FullSchema
        | DescribeTarget::Keyspaces
        | DescribeTarget::Tables
        | DescribeTarget::Types
        | DescribeTarget::Functions
        | DescribeTarget::Aggregates => {}
    }
}

/// Shows every keyspace and marker of a statement to `visitor`, in text order.
pub(crate) fn walk(statement: &mut Statement, visitor: &mut dyn Visitor) {
    match statement {
        Statement::Select(select) => {
            selection(&mut select.selection, visitor);
            qualified(&mut select.from, visitor);
            relations(&mut select.relations, visitor);
            select.group_by.iter_mut().for_each(|selector: &mut Selector| expr(selector, visitor));
            select.order_by.iter_mut().filter_map(|order| order.ann_of.as_mut()).for_each(|term| expr(term, visitor));
            select.per_partition_limit.iter_mut().chain(&mut select.limit).for_each(|term| expr(term, visitor));
            using(&mut select.using, visitor);
        }
        Statement::Modify(one) => modification(one, visitor),
        Statement::Batch(batch) => {
            using(&mut batch.using, visitor);
            batch.statements.iter_mut().for_each(|one| modification(one, visitor));
        }
        Statement::Use(name) => visitor.keyspace(name),
        Statement::Truncate { table, using: timeout } => {
            qualified(table, visitor);
            using(timeout, visitor);
        }
        Statement::CreateKeyspace(create) => visitor.keyspace(&mut create.name),
        Statement::AlterKeyspace(alter) => visitor.keyspace(&mut alter.name),
        Statement::DropKeyspace(drop) => visitor.keyspace(&mut drop.name),
        Statement::CreateTable(create) => {
            qualified(&mut create.name, visitor);
            columns(&mut create.columns, visitor);
        }
        Statement::AlterTable(alter) => {
            qualified(&mut alter.name, visitor);
            match &mut alter.change {
                TableChange::Type { ty, .. } => type_name(ty, visitor),
                TableChange::Mask { mask: change, .. } => mask(change, visitor),
                TableChange::Add { columns: added, .. } => columns(added, visitor),
                TableChange::Drop { .. }
                | TableChange::Rename { .. }
                | TableChange::DropCompactStorage
                | TableChange::With(_) => {}
            }
        }
        Statement::CreateType(create) => {
            qualified(&mut create.name, visitor);
            create.fields.iter_mut().for_each(|(_, ty)| type_name(ty, visitor));
        }
        Statement::AlterType(alter) => {
            qualified(&mut alter.name, visitor);
            match &mut alter.change {
                TypeChange::Type { ty, .. } | TypeChange::Add { ty, .. } => type_name(ty, visitor),
                TypeChange::Rename { .. } => {}
            }
        }
        Statement::CreateIndex(create) => qualified(&mut create.table, visitor),
        Statement::CreateView(create) => {
            qualified(&mut create.name, visitor);
            selection(&mut create.selection, visitor);
            qualified(&mut create.from, visitor);
            relations(&mut create.relations, visitor);
        }
        Statement::AlterView(alter) => qualified(&mut alter.name, visitor),
        Statement::Drop(Drop { name, .. }) => qualified(name, visitor),
        Statement::CreateFunction(create) => {
            qualified(&mut create.name, visitor);
            create.arguments.iter_mut().for_each(|(_, ty)| type_name(ty, visitor));
            type_name(&mut create.returns, visitor);
        }
        Statement::CreateAggregate(create) => {
            qualified(&mut create.name, visitor);
            types(&mut create.arguments, visitor);
            type_name(&mut create.state_type, visitor);
            create.initial.iter_mut().for_each(|term| expr(term, visitor));
        }
        Statement::DropRoutine(drop) => {
            qualified(&mut drop.name, visitor);
            drop.arguments.iter_mut().for_each(|arguments| types(arguments, visitor));
        }
        Statement::CreateTrigger(create) => qualified(&mut create.table, visitor),
        Statement::DropTrigger(drop) => qualified(&mut drop.table, visitor),
        Statement::Access(one) => access(one, visitor),
        Statement::Describe(described) => describe(&mut described.target, visitor),
        Statement::Shell(_) => {}
    }
}
