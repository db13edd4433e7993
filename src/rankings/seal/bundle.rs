//! The parts of a run, their digests, and the document that is signed. PURE.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::integrity::{CONTEXT, DataIntegrityProof},
    canonical::{digest, hex},
    rankings::run::Mode,
};

/// Members of frozen inputs that are rules and no facts.
const METHOD: [&str; 4] = ["award", "groups", "plan_version", "pooled"];

/// Digests of the parts of a run. Each is SHA-256 over the canonical JSON (RFC 8785).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingSeal)]
pub struct Seal {
    pub ranking: Uuid,
    pub mode: Mode,
    /// Version of the method's meaning.
    pub engine: i32,
    /// Of the facts.
    #[schema(example = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub inputs: String,
    /// Of the rules: the award with its groups and criteria, and the version of the plan.
    pub method: String,
    pub output: String,
}

/// A seal with the proof that signs it and all parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingSealed)]
pub struct Sealed {
    #[serde(flatten)]
    pub seal: Seal,
    pub proof: DataIntegrityProof,
}

/// A frozen run in its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    pub inputs: Map<String, Value>,
    pub method: Map<String, Value>,
    pub output: Value,
}

impl Parts {
    pub fn of(frozen: Map<String, Value>, output: Value) -> Self {
        let (method, inputs) = frozen.into_iter().partition(|(name, _)| METHOD.contains(&name.as_str()));
        Self { inputs, method, output }
    }

    /// The frozen inputs as an engine reads them; none where a part holds what belongs to the other.
    pub fn frozen(&self) -> Option<Value> {
        let rule = |name: &String| METHOD.contains(&name.as_str());
        let apart = self.method.keys().all(rule) && !self.inputs.keys().any(rule);
        apart.then(|| Value::Object(self.inputs.clone().into_iter().chain(self.method.clone()).collect()))
    }

    pub fn seal(&self, ranking: Uuid, mode: Mode, engine: i32) -> serde_json::Result<Seal> {
        let [inputs, method] = [&self.inputs, &self.method].map(named);
        Ok(Seal { ranking, mode, engine, inputs: inputs?, method: method?, output: named(&self.output)? })
    }

    /// What is signed: the bundle without its proof.
    pub fn document(&self, seal: &Seal) -> serde_json::Result<Map<String, Value>> {
        let members = [
            ("@context", CONTEXT.into()),
            ("inputs", Value::Object(self.inputs.clone())),
            ("method", Value::Object(self.method.clone())),
            ("output", self.output.clone()),
            ("seal", serde_json::to_value(seal)?),
        ];
        Ok(members.into_iter().map(|(name, part)| (name.to_owned(), part)).collect())
    }

    pub fn bundle(&self, sealed: &Sealed) -> serde_json::Result<Map<String, Value>> {
        let mut bundle = self.document(&sealed.seal)?;
        bundle.insert("proof".to_owned(), serde_json::to_value(&sealed.proof)?);
        Ok(bundle)
    }
}

fn named(part: &impl Serialize) -> serde_json::Result<String> {
    Ok(format!("sha256:{}", hex(&digest(part)?)))
}
