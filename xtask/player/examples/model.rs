#[path = "../tests/model/mod.rs"]
mod model;
use model::*;
fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let interrupt = player::Interrupt::install_signal_handler()?;
    let (mut m, s) = match args.get(1).map(String::as_str) {
        Some("locks") => (
            Model::opposite_orders(),
            scene("Two locks in opposite orders: a deadlock", OPPOSITE_ORDERS_GOALS, Some(0)),
        ),
        Some("many") => (Model::many(9), scene("Many threads", "[]", None)),
        _ => {
            (Model::lost_update(), scene("A read, then a write: an update is lost", LOST_UPDATE_GOALS, None))
        }
    };
    let choices = args.get(2).map(|text| player::choices::parse(text)).transpose()?;
    player::play(&mut m, s, choices.as_deref(), &interrupt)?;
    std::process::exit(interrupt.signal().map_or(0, |s| 128 + s))
}
