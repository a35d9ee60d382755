//! Whether a notice in force tells people about a named recipient of their data.

use std::collections::BTreeMap;

use store::{Ctx, params};

use crate::Result;

store::sql! {
    IN_FORCE = "SELECT language, version, body FROM notice_version WHERE workspace = $1 AND notice = $2
        ORDER BY language, version";
}

/// The languages in which the newest version of a notice names the recipient, and those in which it
/// does not. A notice that is in force nowhere gives two empty lists.
///
/// # Errors
/// When the store fails.
pub async fn naming(ctx: &Ctx, notice: &str, recipient: &str) -> Result<(Vec<String>, Vec<String>)> {
    let rows: Vec<(String, i64, String)> = ctx.db.all(IN_FORCE, params![ctx.workspace, notice]).await?;
    let mut newest: BTreeMap<String, (i64, String)> = BTreeMap::new();
    for (language, version, body) in rows {
        if newest.get(&language).is_none_or(|known| known.0 < version) {
            newest.insert(language, (version, body));
        }
    }
    let (named, silent): (Vec<_>, Vec<_>) = newest.into_iter().partition(|(_, (_, body))| says(body, recipient));
    let languages = |list: Vec<(String, (i64, String))>| list.into_iter().map(|(language, _)| language).collect();
    Ok((languages(named), languages(silent)))
}

/// Whether a text contains a name as words of its own, whatever its case and diacritics.
fn says(body: &str, name: &str) -> bool {
    let (body, name) = (kernel::fold(body), kernel::fold(name));
    let name = name.trim();
    !name.is_empty()
        && body.match_indices(name).any(|(at, found)| {
            let before = body[..at].chars().next_back();
            let after = body[at + found.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_name_counts_as_whole_words_only() {
        assert!(says("We share addresses with Crane & Co, Lyon.", "crane & co"));
        assert!(!says("We love cranes.", "Crane"));
        assert!(says("نشارك العناوين مع شركة الرافعات.", "شركة الرافعات"));
        assert!(!says("anything", " "));
    }
}
