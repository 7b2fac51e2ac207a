//! The committed reader of the schema is the one that the schema gives. `BLESS=1 cargo test -p trace --test schema`
//! writes it anew: change the schema, run that, then change the code that uses it. Both need the `capnp` program (Debian: capnproto).

use std::{env, fs, path::Path};

#[test]
fn generated_code_is_fresh() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR"));
    capnpc::CompilerCommand::new()
        .src_prefix(home.join("schema"))
        .file(home.join("schema/trace.capnp"))
        .output_path(out)
        .run()
        .expect("the capnp program (Debian: apt-get install capnproto) is needed to check generated code");
    let fresh = fs::read_to_string(out.join("trace_capnp.rs")).unwrap();
    let committed = home.join("src/trace_capnp.rs");
    if env::var_os("BLESS").is_some() {
        fs::write(&committed, &fresh).unwrap();
    }
    let is = fs::read_to_string(&committed).unwrap_or_default();
    assert!(is == fresh, "schema/trace.capnp has changed: BLESS=1 cargo test -p trace --test schema");
}
