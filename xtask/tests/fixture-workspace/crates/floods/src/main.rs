fn main() {
    print!("{}", "more than a pipe holds\n".repeat(100_000));
}
