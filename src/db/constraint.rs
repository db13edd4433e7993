//! Which constraint an error of Postgres is about. On a distributed database a constraint bears the number of its shard
//! (`units_code_key_102082`), and an error that comes from another node has a message and no fields.

/// The constraint's name as the migrations give it, from the error's field or else from its message.
pub fn name<'a>(field: Option<&'a str>, message: &'a str) -> Option<&'a str> {
    let quoted = || message.split_once("constraint \"")?.1.split('"').next();
    field.or_else(quoted).map(without_shard)
}

/// No migration gives a name that ends in a number of its own.
fn without_shard(name: &str) -> &str {
    let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
    name.rsplit_once('_').filter(|(_, end)| is_number(end)).map_or(name, |(stem, _)| stem)
}
