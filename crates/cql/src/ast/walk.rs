//! One walk over everything in a statement that names a keyspace or binds a value, in text order.
