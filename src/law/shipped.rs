//! The law that the program ships: `law/bases.json` and `law/figures.json`. PURE.

use std::sync::LazyLock;

use super::rules::{Basis, Figure, Law};

static SHIPPED: LazyLock<Law> = LazyLock::new(|| {
    let bases: Vec<Basis> =
        serde_json::from_str(include_str!("../../law/bases.json")).expect("compiled in and read by a test");
    let figures: Vec<Figure> =
        serde_json::from_str(include_str!("../../law/figures.json")).expect("compiled in and read by a test");
    Law { bases, figures }
});

pub fn shipped() -> &'static Law {
    &SHIPPED
}
