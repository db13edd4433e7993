//! thidua: an open service for running and judging a public-sector emulation movement. The map of the crate:
pub mod activities; // propaganda: what units did to make a movement known
pub mod app; // what handlers and jobs share
pub mod assessments; // points given to nominations, by the agency and by the council's members
pub mod audit; // who changed what: records chained by hashes, read and verified
pub mod auth; // keys, tokens, passwords, external issuers
pub mod awards; // proposals, decisions, certificates and what is published of them
pub mod bounded; // texts of a length that the document and the check share (pure)
pub mod canonical; // canonical JSON and its digest (pure)
pub mod clock; // what time it is
pub mod concerns; // difficulties and proposals, from a unit to the chair's decision
pub mod config; // every setting, flag and environment variable
pub mod council; // sessions of the council: quorum, votes, minutes
pub mod days; // days and instants of years that a movement can speak of (pure)
pub mod db; // the pool, transactions, the embedded Postgres, the schema
pub mod demo; // a scripted data set, loaded through the API
mod docs; // the page that explains the document
pub mod documents; // papers in the form of the law, their wordings, the checker of the form (pure)
pub mod events; // what happened, numbered for programs that follow
pub mod exact; // exact numbers: decimals as written, rationals as compared (pure)
pub mod finding; // one thing wrong, by code and pointer (pure)
pub mod http; // the kit: errors, caller, access matrix, extractors, pages, tags, idempotency
pub mod identity; // accounts, sign-ins, machine clients, grants, the guard
pub mod initiatives; // proposed, recognised at a level
pub mod jobs; // work after the transaction that asks for it
pub mod labels; // labels of codes in two languages (pure)
pub mod law; // legal texts by day, and the figures of the bonus
pub mod localities; // the tenants
pub mod measures; // gauges of an instance, when its metrics are read
pub mod movements; // plans as data, lint, periods, launch
pub mod nominations; // candidates for awards, verified and held
pub mod openapi; // the document, from the registered routes
pub mod ops; // health, metrics, problem pages
pub mod papers; // the wordings of papers that a locality keeps
pub mod people; // who may be nominated
pub mod problem; // errors: codes, their words in two languages, the answer (RFC 9457)
pub mod progress; // approved values added up exactly, against their targets
pub mod published; // what anybody reads of published awards
pub mod quantity; // whole numbers, and those with the decimals of their indicator
pub mod rankings; // candidates in order, each place explained
pub mod record; // what the audit log holds of one write (pure)
pub mod screens; // what one page of a front end shows, in one answer
pub mod server; // every route on one screen, every job, the server
pub mod submissions; // units' reports: drafts, checks, approval
pub mod tables; // rows in files as people make them
pub mod telemetry; // logs and metrics
pub mod text; // what texts may hold, and how they are compared (pure)
pub mod units; // the organisation tree
pub mod whole; // whole numbers in JSON, beyond 2^53 as text (pure)
