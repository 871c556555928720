//! Links the program to a fixed address.

fn main() {
    // Each image of the strategy `process` is a process. The dynamic linker would spend a third of the time until `main`
    // on 60,000 addresses, most of them in tables of characters.
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
