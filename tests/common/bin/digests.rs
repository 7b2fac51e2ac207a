//! Prints the digest of every run, and the hash of every scenario's link: `cargo xtask bless` keeps them in
//! `tests/digests.txt`, so that every runtime can be held against one list.

use suite::{CASES, all, link_hash, run};

fn main() {
    for (name, text) in all() {
        println!("{name} {}", run(&text).digest());
    }
    for case in CASES {
        println!("link-{} {}", case.path, link_hash(case.text));
    }
}
