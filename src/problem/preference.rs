//! What a client prefers, by weight: lists such as `text/csv, text/html;q=0.8, */*;q=0.1` (RFC 9110, section 12.4.2).
//! PURE.

/// One member of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preferred<'a> {
    pub name: &'a str,
    /// From 0, for what is refused, to 1.
    pub weight: f32,
}

/// The members of a list. One without a readable weight counts as one without a weight.
pub fn preferences(list: &str) -> impl Iterator<Item = Preferred<'_>> {
    list.split(',').filter_map(|member| {
        let mut parts = member.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = parts.find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().ok())?
        });
        let weight = weight.filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(1.0);
        Some(Preferred { name, weight })
    })
}

/// Which of the media types offered a client prefers by its `Accept`; of equals the first. None where it takes none; a
/// client that says nothing takes the first.
pub fn media_type<'a>(accept: &str, offered: &[&'a str]) -> Option<&'a str> {
    let ranges: Vec<Preferred> = preferences(accept).filter(|range| range.name.contains('/')).collect();
    if ranges.is_empty() {
        return offered.first().copied();
    }
    let weight = |offer: &str| {
        let fits = ranges.iter().filter_map(|range| Some((exactness(range.name, offer)?, range.weight)));
        // The most exact range counts for an offer, whatever the others say.
        fits.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map_or(0.0, |(_, weight)| weight)
    };
    let best = offered.iter().map(|offer| (weight(offer), *offer)).filter(|(weight, _)| *weight > 0.0);
    best.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, offer)| offer)
}

/// How exactly a range names an offer, if it does.
fn exactness(range: &str, offer: &str) -> Option<u8> {
    let (kind, subtype) = range.split_once('/')?;
    let offered_kind = offer.split('/').next().unwrap_or_default();
    match (kind, subtype) {
        _ if range.eq_ignore_ascii_case(offer) => Some(2),
        (kind, "*") if kind.eq_ignore_ascii_case(offered_kind) => Some(1),
        ("*", "*") => Some(0),
        _ => None,
    }
}
