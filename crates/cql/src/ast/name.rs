//! Names: what is folded to lower case and what is kept.

use alloc::rc::Rc;
use alloc::string::String;
use core::borrow::Borrow;
use core::ops::Deref;

/// An identifier after case folding: `Users` and `users` are the same name, `"Users"` is another.
/// Cheap to clone; `Display` quotes it where CQL needs quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Rc<str>);

impl Name {
    /// The name without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name(Rc::from(text))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name(Rc::from(text))
    }
}

impl From<Rc<str>> for Name {
    fn from(text: Rc<str>) -> Name {
        Name(text)
    }
}

impl From<Name> for Rc<str> {
    fn from(name: Name) -> Rc<str> {
        name.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

/// A name that may say its keyspace: `users` or `shop.users`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Qualified {
    /// The keyspace, when it is written out.
    pub keyspace: Option<Name>,
    /// The table, type, function, index or view.
    pub name: Name,
}

impl From<&str> for Qualified {
    /// A name without a keyspace.
    fn from(text: &str) -> Qualified {
        Qualified { keyspace: None, name: Name::from(text) }
    }
}
