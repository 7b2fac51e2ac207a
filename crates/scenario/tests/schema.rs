//! The committed code is what the schema says.

use std::{env, fs, path::Path};

#[test]
fn generated_code_is_fresh() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR"));
    capnpc::CompilerCommand::new()
        .src_prefix(home.join("schema"))
        .file(home.join("schema/wire.capnp"))
        .output_path(out)
        .run()
        .expect("the capnp program (Debian: apt-get install capnproto) is needed to check generated code");
    let fresh = fs::read_to_string(out.join("wire_capnp.rs")).unwrap();
    let committed = home.join("src/wire_capnp.rs");
    if env::var_os("BLESS").is_some() {
        fs::write(&committed, &fresh).unwrap();
    }
    let is = fs::read_to_string(&committed).unwrap_or_default();
    assert!(is == fresh, "schema/wire.capnp has changed: BLESS=1 cargo test -p scenario --test schema");
}
