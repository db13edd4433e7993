//! How many an award takes (số lượng), and the places among them (giải). PURE.

use std::{collections::BTreeMap, fmt};

use num_traits::ToPrimitive;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::terms::Text;
use crate::exact::{BigRational, Decimal, ratio};

/// A number, or a rule that gives one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Quota {
    Fixed(u32),
    /// Format 2.
    Rule(QuotaRule),
}

/// One of `each_group`, `groups` and `share`, the last with `of` and `round`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaRule {
    /// As many for each group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each_group: Option<u32>,
    /// How many for each group, by its code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, u32>,
    /// Percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ShareOf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
}

/// What a share is of, as counted when a ranking is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShareOf {
    /// The units of the award's groups.
    Units,
    /// The verified candidates that are not withdrawn, held ones too.
    Candidates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    Down,
}

/// One of the places that an award gives, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    pub count: u32,
    /// The bonus of each, in place of the general one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Decimal>,
}

/// A quota as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaBy<'a> {
    Fixed(u32),
    EachGroup(u32),
    Groups(&'a BTreeMap<String, u32>),
    Share(Decimal, ShareOf),
}

impl Quota {
    /// None where it is no rule, or several.
    pub fn read(&self) -> Option<QuotaBy<'_>> {
        match self {
            Self::Fixed(number) => Some(QuotaBy::Fixed(*number)),
            Self::Rule(QuotaRule { each_group, groups, share, of, round }) => {
                match (each_group, groups.is_empty(), share, of, round) {
                    (Some(each), true, None, None, None) => Some(QuotaBy::EachGroup(*each)),
                    (None, false, None, None, None) => Some(QuotaBy::Groups(groups)),
                    (None, true, Some(share), Some(of), Some(Round::Down)) => Some(QuotaBy::Share(*share, *of)),
                    _ => None,
                }
            }
        }
    }
}

impl Quota {
    /// What a share lacks that is otherwise clear: each member with how to fill it in.
    pub fn share_lacks(&self) -> Vec<(&'static str, [&'static str; 4])> {
        let Self::Rule(QuotaRule { each_group: None, groups, share: Some(_), of, round }) = self else {
            return Vec::new();
        };
        let of = of.is_none().then_some((
            "of",
            [
                "số được tính (of)",
                "Số đơn vị thuộc các nhóm (units) hoặc Số hồ sơ đã xác nhận (candidates)",
                "of what it is taken",
                "of to units or candidates",
            ],
        ));
        let round = round.is_none().then_some((
            "round",
            ["cách làm tròn (round)", "Làm tròn xuống (down)", "how it is rounded", "round to down"],
        ));
        of.into_iter().chain(round).filter(|_| groups.is_empty()).collect()
    }
}

/// A share in percent of a number, rounded down.
pub fn part(counted: u64, share: Decimal) -> u32 {
    let exact = ratio(counted, 100) * BigRational::from(share);
    exact.floor().to_integer().to_u32().unwrap_or(0)
}

/// Written out for a message that says what is expected, and where in a rule it is not.
impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> de::Visitor<'de> for Reader {
            type Value = Quota;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a whole number from 0 or an object")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quota, E> {
                let fits = u32::try_from(number).ok();
                fits.map(Quota::Fixed).ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(number), &self))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, members: A) -> Result<Quota, A::Error> {
                QuotaRule::deserialize(de::value::MapAccessDeserializer::new(members)).map(Quota::Rule)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
