fn main() {
    print!("its last line has no end");
    std::process::exit(3);
}
