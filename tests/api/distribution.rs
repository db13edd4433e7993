//! The schema can be distributed by `locality_id` (docs/several-machines.md): what that asks of keys, triggers, names
//! and statements is held here, on a database that is not distributed.

mod catalogue;
mod script;
mod statements;

/// Tables of localities: every row belongs to one.
const TENANT_TABLES: &str = "SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'locality_id' AND a.attnotnull";
