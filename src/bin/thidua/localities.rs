//! `thidua locality`: makes the first locality of an empty database, or another one.

use thidua::{
    clock::Clock,
    localities::{self, NewLocality},
};

use crate::{
    command_line::NewLocalityArgs,
    database::open,
    output::{in_words, print, words},
};

pub async fn create_locality(args: NewLocalityArgs) -> anyhow::Result<()> {
    let db = open(&args.store).await?;
    let NewLocalityArgs { code, name, kind, valid_from, .. } = args;
    let new = NewLocality { code, name: name.into(), kind, valid_from };
    let made = localities::create_on_command(&db, new, Clock::system().now()).await;
    let made = made.map_err(|error| in_words(&error))?;
    print(&format!("{made} {}\n", words("đã được tạo", "is there")));
    Ok(())
}
