//! Both processes hold the fifo `$UP` open for as long as they live. With `$ALONE`, there is only one.

use std::os::unix::process::CommandExt;

fn main() {
    println!("before it hangs");
    let script = r#"echo left >"$TMPDIR/file"; exec 3>"$UP"; echo up >&3; $ALONE sleep 60; echo never"#;
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script]);
    if std::env::var_os("ALONE").is_some() {
        panic!("{}", shell.exec());
    }
    shell.status().unwrap();
}
