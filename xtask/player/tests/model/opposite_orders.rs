use std::sync::Mutex;
use std::thread;

fn main() {
    let (tea, toast) = (Mutex::new(()), Mutex::new(()));
    thread::scope(|scope| {
        scope.spawn(|| {
            let _both = (tea.lock().unwrap(), toast.lock().unwrap()); // It takes both, and in this order.
        });
        scope.spawn(|| {
            let _toast = toast.lock().unwrap();
            let _tea = tea.lock().unwrap();
        });
    });
    println!("breakfast");
}
