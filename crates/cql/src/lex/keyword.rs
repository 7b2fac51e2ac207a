//! The words of CQL, and which of them may still be names.

/// What a word may be besides itself (Cassandra's Parser.g, `unreserved_keyword` and its parts).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Never a name.
    Reserved,
    /// A name of anything.
    Free,
    /// A name of anything but a function or a type; `KEY` may name a type.
    Plain,
    /// A native type's name, and a name of anything but a type.
    Type,
}

macro_rules! keywords {
    ($($class:ident: $($id:ident $text:literal)*;)*) => {
        /// A word with a meaning of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Keyword { $($($id),*),* }

        const ALL: &[(Keyword, &str, Class)] = &[$($((Keyword::$id, $text, Class::$class)),*),*];
    };
}

keywords! {
    Reserved:
        Add "ADD" Allow "ALLOW" Alter "ALTER" And "AND" Apply "APPLY" Asc "ASC" Authorize "AUTHORIZE" Batch "BATCH"
        Begin "BEGIN" By "BY" Columnfamily "COLUMNFAMILY" Create "CREATE" Delete "DELETE" Desc "DESC"
        Describe "DESCRIBE" Drop "DROP" Entries "ENTRIES" Execute "EXECUTE" False "FALSE" From "FROM" Full "FULL"
        Grant "GRANT" If "IF" In "IN" Index "INDEX" Infinity "INFINITY" Insert "INSERT" Into "INTO" Is "IS"
        Keyspace "KEYSPACE" Limit "LIMIT" Materialized "MATERIALIZED" Modify "MODIFY" Nan "NAN"
        Norecursive "NORECURSIVE" Not "NOT" Null "NULL" Of "OF" On "ON" Or "OR" Order "ORDER" Primary "PRIMARY"
        Rename "RENAME" Revoke "REVOKE" Schema "SCHEMA" Select "SELECT" Set "SET" Table "TABLE" To "TO"
        Token "TOKEN" True "TRUE" Truncate "TRUNCATE" Unlogged "UNLOGGED" Update "UPDATE" Use "USE" Using "USING"
        View "VIEW" Where "WHERE" With "WITH";
    Free:
        Access "ACCESS" Aggregate "AGGREGATE" Aggregates "AGGREGATES" All "ALL" Ann "ANN" As "AS" Called "CALLED"
        Cidrs "CIDRS" Cluster "CLUSTER" Clustering "CLUSTERING" Columnfamilies "COLUMNFAMILIES" Compact "COMPACT"
        Contains "CONTAINS" Custom "CUSTOM" Datacenters "DATACENTERS" Default "DEFAULT" Exists "EXISTS"
        Filtering "FILTERING" Finalfunc "FINALFUNC" Frozen "FROZEN" Function "FUNCTION" Functions "FUNCTIONS"
        Group "GROUP" Hashed "HASHED" Identity "IDENTITY" Initcond "INITCOND" Input "INPUT" Internals "INTERNALS"
        Keys "KEYS" Keyspaces "KEYSPACES" Language "LANGUAGE" Like "LIKE" List "LIST" Login "LOGIN" Map "MAP"
        Masked "MASKED" Mbean "MBEAN" Mbeans "MBEANS" Nologin "NOLOGIN" Nosuperuser "NOSUPERUSER" Only "ONLY"
        Options "OPTIONS" Partition "PARTITION" Password "PASSWORD" Per "PER" Permission "PERMISSION"
        Permissions "PERMISSIONS" Replace "REPLACE" Returns "RETURNS" Role "ROLE" Roles "ROLES"
        SelectMasked "SELECT_MASKED" Sfunc "SFUNC" Static "STATIC" Storage "STORAGE" Stype "STYPE"
        Superuser "SUPERUSER" Tables "TABLES" Trigger "TRIGGER" Tuple "TUPLE" Type "TYPE" Types "TYPES"
        Unmask "UNMASK" Unset "UNSET" User "USER" Users "USERS" Values "VALUES" Vector "VECTOR";
    Plain:
        Cast "CAST" Count "COUNT" Distinct "DISTINCT" Json "JSON" Key "KEY" Maxwritetime "MAXWRITETIME" Ttl "TTL"
        Writetime "WRITETIME";
    Type:
        Ascii "ASCII" Bigint "BIGINT" Blob "BLOB" Boolean "BOOLEAN" Counter "COUNTER" Date "DATE"
        Decimal "DECIMAL" Double "DOUBLE" Duration "DURATION" Float "FLOAT" Inet "INET" Int "INT"
        Smallint "SMALLINT" Text "TEXT" Time "TIME" Timestamp "TIMESTAMP" Timeuuid "TIMEUUID" Tinyint "TINYINT"
        Uuid "UUID" Varchar "VARCHAR" Varint "VARINT";
}

impl Keyword {
    /// The word in capitals.
    pub(crate) fn text(self) -> &'static str {
        ALL.get(self as usize).map_or("", |entry| entry.1)
    }

    /// What it may be besides itself.
    pub(crate) fn class(self) -> Class {
        ALL.get(self as usize).map_or(Class::Reserved, |entry| entry.2)
    }

    /// The keyword a word is, in any case.
    pub(crate) fn of(word: &[u8]) -> Option<Keyword> {
        let packed = pack(word)?;
        let mut slot = hash(packed);
        loop {
            let entry = TABLE.get(slot)?;
            match entry {
                Some((key, keyword)) if *key == packed => return Some(*keyword),
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return None,
            }
        }
    }
}

// Words live in an open-addressed table built at compile time. A word is packed into 128 bits with bit 5 set in every
// byte: that folds case and keeps letters, digits and `_` apart.

const SLOTS: usize = 512;

const fn pack(word: &[u8]) -> Option<u128> {
    if word.len() > 14 || word.is_empty() {
        return None;
    }
    let mut packed = 0u128;
    let mut rest = word;
    while let Some((byte, tail)) = rest.split_first() {
        packed = packed << 8 | (*byte | 0x20) as u128;
        rest = tail;
    }
    Some(packed)
}

const fn hash(packed: u128) -> usize {
    let mixed = (packed as u64 ^ (packed >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 55) as usize
}

static TABLE: [Option<(u128, Keyword)>; SLOTS] = {
    let mut table = [None; SLOTS];
    let mut i = 0;
    while i < ALL.len() {
        if let Some(packed) = pack(ALL[i].1.as_bytes()) {
            let mut slot = hash(packed);
            while table[slot].is_some() {
                slot = (slot + 1) % SLOTS;
            }
            table[slot] = Some((packed, ALL[i].0));
        }
        i += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_and_no_other() {
        for (keyword, text, _) in ALL {
            assert_eq!(Keyword::of(text.as_bytes()), Some(*keyword), "{text}");
            assert_eq!(Keyword::of(text.to_ascii_lowercase().as_bytes()), Some(*keyword));
            assert_eq!(keyword.text(), *text);
        }
        for word in ["", "s", "selec", "selects", "select_", "user_id", "materializedviews", "columnfamiliesx"] {
            assert_eq!(Keyword::of(word.as_bytes()), None, "{word}");
        }
    }
}
