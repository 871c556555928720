//! Both processes hold the fifo `$UP` open for as long as they live.

fn main() {
    println!("before it hangs");
    let script = r#"exec 3>"$UP"; echo up >&3; sleep 60; echo never"#;
    std::process::Command::new("sh").args(["-c", script]).status().unwrap();
}
