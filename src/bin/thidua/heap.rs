//! How soon the allocator gives freed memory back to the system. It reads that before `main`, from the environment alone:
//! the service sets it for itself and starts once more, as the same process.

use std::{env, os::unix::process::CommandExt, process::Command};

/// In milliseconds. Its own second lets what one import has freed pile up under what the next one takes.
const SETTING: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "30");

/// Returns where the setting is there already, or cannot be made: then memory comes back later.
pub fn give_back_soon() {
    let (name, value) = SETTING;
    if env::var_os(name).is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let mut again = Command::new(program);
    if let Some(called) = arguments.next() {
        again.arg0(called);
    }
    let failed = again.args(arguments).env(name, value).exec();
    eprintln!("thidua: the allocator keeps its own settings: {failed}");
}
