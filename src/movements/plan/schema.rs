//! The published JSON Schema of the plan format, made from the types so that the two cannot part. PURE.

use schemars::schema_for;

use super::Plan;

/// JSON Schema (2020-12) of `thidua.plan/1`, as committed in `plans/plan.schema.json`.
pub fn plan_schema() -> String {
    format!("{:#}\n", schema_for!(Plan).to_value())
}
