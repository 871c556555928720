//! The child holds the fifo `$UP` open for as long as it lives.

fn main() {
    println!("before it leaves");
    let script = r#"exec 3>"$UP"; echo up >&3; sleep 60 >&3 2>&3 & "#;
    std::process::Command::new("sh").args(["-c", script]).status().unwrap();
}
