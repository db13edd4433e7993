//! Ranks frozen inputs and draws other weights for them, on one core: the row «firmness» of the bench.
//!
//! `firmness FILE ROUNDS`: the file holds frozen inputs whose method has `robustness`. Prints one line of JSON: milliseconds
//! of ranking and of the draws, round by round, and what the draws counted, for the peer to compare.

use std::{env, fs, time::Instant};

use serde_json::json;
use thidua::rankings::{
    Inputs, rank,
    robustness::{Table, count},
};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|one| one != "--bench").collect();
    let [file, rounds] = &arguments[..] else { panic!("firmness FILE ROUNDS") };
    let inputs: Inputs = serde_json::from_str(&fs::read_to_string(file).expect("the file")).expect("frozen inputs");
    let rules = inputs.award.ranking.robustness.clone().expect("draws");
    let (mut ranking, mut drawing, mut counted) = (Vec::new(), Vec::new(), None);
    for _ in 0..rounds.parse().expect("a number of rounds") {
        let begun = Instant::now();
        let output = rank(&inputs);
        ranking.push(begun.elapsed().as_secs_f64() * 1000.0);
        let begun = Instant::now();
        let found = count(&Table::of(&inputs, &output), &rules);
        drawing.push(begun.elapsed().as_secs_f64() * 1000.0);
        counted = Some((output, found));
    }
    let (output, found) = counted.expect("a round");
    let entries = output
        .entries
        .iter()
        .zip(&found.entries)
        .map(|(entry, one)| json!([entry.candidate.code, entry.rank, one.low, one.high, one.within]));
    let entries: Vec<_> = entries.collect();
    println!("{}", json!({"rank": ranking, "draws": drawing, "kept": found.kept, "entries": entries}));
}
