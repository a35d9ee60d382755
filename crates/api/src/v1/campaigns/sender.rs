//! `Name <address>`, as senders are written.

use kernel::{Email, Problem};

/// Reads `Name <a@b>`, `"Name" <a@b>` or a bare address.
pub(in crate::v1) fn read(text: &str) -> Result<(String, Email), Problem> {
    let text = text.trim();
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (name.trim(), address),
        None => ("", text),
    };
    let unquoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let name = unquoted.map_or_else(|| name.to_owned(), |name| name.replace("\\\"", "\"").replace("\\\\", "\\"));
    if name.contains(['<', '>']) || name.chars().any(char::is_control) {
        return Err(Problem::field("from", "expected Name <address>"));
    }
    let email = Email::parse(address.trim())
        .map_err(|error| Problem::field("from", format!("expected Name <address>: {error}")))?;
    Ok((name, email))
}

/// Who a draft is from: as written, or the workspace's `default_sender`.
pub(in crate::v1) async fn read_or_default(
    ctx: &store::Ctx,
    from: Option<String>,
) -> http_server::Result<(String, Email)> {
    if let Some(from) = from {
        return Ok(read(&from)?);
    }
    let workspace = accounts::workspaces::get(ctx).await?;
    if let Ok(sender) = outbound::notices::default_sender(&workspace) {
        return Ok((sender.name, sender.email));
    }
    let text: Option<String> = workspace.setting("default_sender");
    let text = text.ok_or_else(|| Problem::field("from", "is required: the workspace has no default_sender"))?;
    Ok(read(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_read() {
        for (text, name) in [
            ("Nur <n@example.org>", "Nur"),
            ("\"Nur, the \\\"Foundation\\\"\" <n@example.org>", "Nur, the \"Foundation\""),
            ("مؤسسة نور <n@example.org>", "مؤسسة نور"),
            ("n@example.org", ""),
            (" <n@example.org> ", ""),
        ] {
            let (read_name, email) = read(text).unwrap();
            assert_eq!((read_name.as_str(), email.to_string().as_str()), (name, "n@example.org"), "{text}");
        }
        for text in
            ["", "Nur", "Nur <>", "Nur <n@example.org", "a\r\nBcc: x <n@example.org>", "<a@b.example> <n@example.org>"]
        {
            assert_eq!(read(text).unwrap_err().fields[0].field, "from", "{text}");
        }
    }
}
