//! The child holds the fifo `$UP` open for as long as it lives. With `$SETSID`, it leaves the process group.

fn main() {
    println!("before it leaves");
    let script = r#"exec 3>"$UP"
        $SETSID sh -c 'echo up >&3; : >"$TMPDIR/up"; exec sleep 60 >&3 2>&3' &
        until test -e "$TMPDIR/up"; do sleep 0.01; done"#;
    std::process::Command::new("sh").args(["-c", script]).status().unwrap();
}
