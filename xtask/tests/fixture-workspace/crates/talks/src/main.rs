fn main() {
    println!("out 1");
    eprintln!("err 2");
    println!("out 3");
}
