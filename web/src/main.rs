//! The page's entry: the shell's own lanes give way to the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::start();
}
