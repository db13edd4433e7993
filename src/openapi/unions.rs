//! Lists of values and tagged unions as generators of clients understand them: a list is one `enum`, and a union whose
//! variants have a tag says so by a `discriminator`, each variant with a name of its own and what all have in common with
//! another. PURE.

use serde_json::{Map, Value, json};

use super::schemas::{SCHEMAS, each, is_list, reference, type_name};

/// Writes alternatives that are single values as one list.
pub fn list_values(document: &mut Value) {
    each(document, &mut |members| {
        let alternatives = members.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
        if alternatives.is_empty() || !alternatives.iter().all(is_list) {
            return;
        }
        let (mut values, mut about) = (Vec::new(), Vec::new());
        for alternative in &alternatives {
            let listed = alternative["enum"].as_array().cloned();
            let listed = listed.unwrap_or_else(|| vec![alternative["const"].clone()]);
            if let (Some(text), [value]) = (alternative["description"].as_str(), listed.as_slice()) {
                about.push(format!("- `{}`: {text}", value.as_str().unwrap_or_default()));
            }
            values.extend(listed);
        }
        let head = members.get("description").and_then(Value::as_str).map(str::to_owned);
        let text = [head, (!about.is_empty()).then(|| about.join("\n"))].into_iter().flatten();
        let text = text.collect::<Vec<_>>().join("\n\n");
        members.remove("oneOf");
        members.insert("type".into(), "string".into());
        members.insert("enum".into(), values.into());
        if !text.is_empty() {
            members.insert("description".into(), text.into());
        }
    });
}

/// Names the variants of tagged unions and adds their discriminators.
pub fn tag_unions(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    for (name, union) in schemas.as_object().into_iter().flatten() {
        let Some(tagged) = variants(&schemas, union) else { continue };
        let (tag, variants) = tagged;
        let common = common(&schemas, union);
        let base = format!("Any{name}");
        if let Some(common) = &common {
            document["components"]["schemas"][&base] = common.clone();
        }
        let (mut choices, mut mapping) = (Vec::new(), Map::new());
        for (value, mut schema) in variants {
            if let Some(common) = &common {
                take_out(&mut schema, common);
                let about = schema.as_object_mut().and_then(|members| members.remove("description"));
                // Beside an `allOf` of one reference, some generators pass over properties.
                schema = json!({"allOf": [reference(&base), schema]});
                about.into_iter().for_each(|about| schema["description"] = about);
            }
            let own = format!("{}{name}", type_name(&value));
            mapping.insert(value, format!("{SCHEMAS}{own}").into());
            choices.push(reference(&own));
            document["components"]["schemas"][&own] = schema;
        }
        let union = &mut document["components"]["schemas"][name];
        union.as_object_mut().into_iter().for_each(|members| drop(members.remove("allOf")));
        union["oneOf"] = choices.into();
        union["discriminator"] = json!({"propertyName": tag, "mapping": mapping});
    }
}

/// The tag of a union, and its variants by their values of it; none if a variant has no tag.
fn variants(schemas: &Value, union: &Value) -> Option<(String, Vec<(String, Value)>)> {
    let wholes = wholes(schemas, union).filter(|wholes| wholes.len() > 1)?;
    let tag = wholes[0]["properties"].as_object()?.keys();
    let tag = tag.into_iter().find(|name| wholes.iter().all(|whole| value_of(whole, name).is_some()))?;
    let of = |whole: &Value| Some((value_of(whole, tag)?, whole.clone()));
    Some((tag.clone(), wholes.iter().map(of).collect::<Option<_>>()?))
}

/// What the variants of a union have in common: the parts that stand beside it.
fn common(schemas: &Value, union: &Value) -> Option<Value> {
    let parts = union["allOf"].as_array()?.iter().map(|part| resolved(schemas, part));
    parts.filter(|part| !part["oneOf"].is_array()).reduce(merged)
}

/// Leaves the members of a schema that the other one does not have.
fn take_out(schema: &mut Value, other: &Value) {
    let is_own = |name: &str| other["properties"][name].is_null();
    schema["properties"].as_object_mut().into_iter().for_each(|members| members.retain(|name, _| is_own(name)));
    schema["required"].as_array_mut().into_iter().for_each(|all| all.retain(|name| name.as_str().is_some_and(is_own)));
}

/// The alternatives of a schema, each as one object: those of its own, or those of a union that it is made of beside
/// other parts.
fn wholes(schemas: &Value, schema: &Value) -> Option<Vec<Value>> {
    if let Some(choices) = schema["oneOf"].as_array() {
        let whole = |choice: &Value| -> Value {
            let parts = choice["allOf"].as_array().cloned().unwrap_or_else(|| vec![choice.clone()]);
            parts.iter().map(|part| resolved(schemas, part)).reduce(merged).unwrap_or_default()
        };
        return Some(choices.iter().map(whole).collect());
    }
    let parts: Vec<Value> = schema["allOf"].as_array()?.iter().map(|part| resolved(schemas, part)).collect();
    let (unions, others): (Vec<&Value>, Vec<&Value>) = parts.iter().partition(|part| part["oneOf"].is_array());
    let [union] = unions.as_slice() else { return None };
    let beside = |whole: Value| others.iter().fold(whole, |whole, part| merged(whole, (*part).clone()));
    Some(wholes(schemas, union)?.into_iter().map(beside).collect())
}

/// The one value that a required member may have.
fn value_of(schema: &Value, member: &str) -> Option<String> {
    let required = schema["required"].as_array()?.iter().any(|name| name == member);
    let property = &schema["properties"][member];
    let listed = property["enum"].as_array().filter(|values| values.len() == 1).map(|values| &values[0]);
    listed.or(property.get("const")).filter(|_| required)?.as_str().map(str::to_owned)
}

fn resolved(schemas: &Value, part: &Value) -> Value {
    let name = part["$ref"].as_str().and_then(|target| target.strip_prefix(SCHEMAS));
    name.map_or_else(|| part.clone(), |name| schemas[name].clone())
}

/// Two parts of one object as one.
fn merged(mut whole: Value, part: Value) -> Value {
    for (name, property) in part["properties"].as_object().into_iter().flatten() {
        whole["properties"][name] = property.clone();
    }
    let required = part["required"].as_array().into_iter().flatten();
    let mut all = whole["required"].as_array().cloned().unwrap_or_default();
    all.extend(required.cloned());
    whole["required"] = all.into();
    whole["type"] = "object".into();
    whole
}
