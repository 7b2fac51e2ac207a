//! Nobody's own keyspace is ever touched: those of a scenario get names of this run, and are dropped after it.

use cql::ast::{Literal, Property, PropertyValue, Statement};

/// The names of one run: `NAME` becomes `ts_RUN_NAME`.
#[derive(Debug, Clone)]
pub struct Keyspaces {
    prefix: String,
    made: Vec<String>,
}

impl Keyspaces {
    /// The names of this run.
    #[must_use]
    pub fn of_run(run: &str) -> Self {
        Self { prefix: format!("ts_{run}_"), made: Vec::new() }
    }

    /// The statement with this run's names, fit for a cluster where one replica is all there is.
    ///
    /// # Errors
    /// For a statement that reaches beyond its keyspace: roles, grants, functions.
    pub fn renamed(&mut self, mut statement: Statement) -> Result<Statement, String> {
        match &mut statement {
            Statement::Access(_)
            | Statement::CreateFunction(_)
            | Statement::CreateAggregate(_)
            | Statement::DropRoutine(_)
            | Statement::CreateTrigger(_)
            | Statement::DropTrigger(_) => return Err(format!("{} is refused on a real cluster", statement.kind())),
            Statement::CreateKeyspace(create) => {
                self.made.push(self.name(&create.name));
                create.properties.iter_mut().for_each(one_replica);
            }
            Statement::AlterKeyspace(alter) => alter.properties.iter_mut().for_each(one_replica),
            _ => {}
        }
        let prefix = self.clone();
        statement.rename_keyspaces(&|name| prefix.name(name));
        Ok(statement)
    }

    /// The name that a scenario's keyspace has in this run; the server's own keep theirs.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        if name == "system" || name.starts_with("system_") { name.to_owned() } else { format!("{}{name}", self.prefix) }
    }

    /// A server's text with the scenario's names in it.
    #[must_use]
    pub fn unnamed(&self, text: &str) -> String {
        text.replace(&self.prefix, "")
    }

    /// What this run made so far.
    pub fn made(&self) -> impl Iterator<Item = &str> {
        self.made.iter().map(String::as_str)
    }

    /// The statements that take away what this run made.
    pub fn drops(&mut self) -> Vec<String> {
        let made = std::mem::take(&mut self.made);
        made.iter().map(|name| format!("DROP KEYSPACE IF EXISTS {}", cql::ast::Name::from(name.as_str()))).collect()
    }
}

/// Replication that one node can have. What is no valid replication stays, for the server to refuse.
fn one_replica(property: &mut Property) {
    let PropertyValue::Map(map) = &mut property.value else { return };
    if &*property.name != "replication" {
        return;
    }
    let text = |literal: &Literal| literal.text();
    let class = map.iter().find(|(key, _)| text(key) == "class").map(|(_, class)| text(class)).unwrap_or_default();
    let factors: Vec<_> = map.iter().filter(|(key, _)| text(key) != "class").collect();
    let simple = class.ends_with("SimpleStrategy");
    let whole = |(key, value): &&(Literal, Literal)| {
        text(value).parse::<u32>().is_ok() && (!simple || text(key) == "replication_factor")
    };
    if (simple || class.ends_with("NetworkTopologyStrategy")) && !factors.is_empty() && factors.iter().all(whole) {
        let literal = |text: &str| Literal::Text(text.into());
        *map =
            vec![(literal("class"), literal("SimpleStrategy")), (literal("replication_factor"), Literal::Integer(1))];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(text: &str) -> Result<String, String> {
        let mut keyspaces = Keyspaces::of_run("7");
        keyspaces.renamed(cql::parse(text).unwrap()).map(|statement| statement.to_string())
    }

    #[test]
    fn keyspaces_are_renamed_and_the_servers_own_are_not() {
        assert_eq!(renamed("SELECT * FROM a.t").unwrap(), "SELECT * FROM ts_7_a.t");
        assert_eq!(renamed("USE \"A b\"").unwrap(), "USE \"ts_7_A b\"");
        assert_eq!(renamed("SELECT key FROM system.local").unwrap(), "SELECT key FROM system.local");
        assert!(renamed("CREATE ROLE x").is_err());
    }

    #[test]
    fn one_node_gets_one_replica() {
        let one = "CREATE KEYSPACE ts_7_a WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
        for theirs in ["'SimpleStrategy', 'replication_factor': 3", "'NetworkTopologyStrategy', 'dc1': 3, 'dc2': '2'"] {
            assert_eq!(renamed(&format!("CREATE KEYSPACE a WITH replication = {{'class': {theirs}}}")).unwrap(), one);
        }
        for wrong in ["'Nowhere', 'x': 3", "'SimpleStrategy'", "'SimpleStrategy', 'replication_factor': 'x'"] {
            let kept = renamed(&format!("CREATE KEYSPACE a WITH replication = {{'class': {wrong}}}")).unwrap();
            assert!(kept.contains(wrong), "{kept}");
        }
    }

    #[test]
    fn what_was_made_is_dropped() {
        let mut keyspaces = Keyspaces::of_run("7");
        let text = "CREATE KEYSPACE a WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
        keyspaces.renamed(cql::parse(text).unwrap()).unwrap();
        assert_eq!(keyspaces.drops(), ["DROP KEYSPACE IF EXISTS ts_7_a"]);
        assert!(keyspaces.drops().is_empty());
        assert_eq!(keyspaces.unnamed("no table ts_7_a.t"), "no table a.t");
    }
}
