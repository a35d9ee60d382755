//! Forms with a file (RFC 7578), written by hand: a dozen lines against a feature of the HTTP client.

/// One part.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// A field: name and value.
    Field(&'static str, String),
    /// A file.
    File {
        /// The field's name.
        field: &'static str,
        /// The file's name.
        name: String,
        /// Its media type.
        media_type: String,
        /// Its octets.
        bytes: Vec<u8>,
    },
}

/// A form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Multipart(pub Vec<Part>);

/// A value of a header's parameter: quotes, backslashes and line breaks are escaped as browsers do it (WHATWG).
fn quoted(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

impl Multipart {
    /// The body between lines of `boundary`, which no part may contain: it is random.
    pub fn body(&self, boundary: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for part in &self.0 {
            out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            match part {
                Part::Field(name, value) => {
                    let head = format!("Content-Disposition: form-data; name=\"{}\"\r\n\r\n", quoted(name));
                    out.extend_from_slice(head.as_bytes());
                    out.extend_from_slice(value.as_bytes());
                }
                Part::File { field, name, media_type, bytes } => {
                    let plain: String = media_type.chars().filter(char::is_ascii_graphic).collect();
                    let head = format!(
                        "Content-Disposition: form-data; name=\"{field}\"; filename=\"{}\"\r\nContent-Type: {plain}\r\n\r\n",
                        quoted(name)
                    );
                    out.extend_from_slice(head.as_bytes());
                    out.extend_from_slice(bytes);
                }
            }
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Multipart, Part};

    #[test]
    fn names_cannot_break_out_of_their_line() {
        let form = Multipart(vec![
            Part::Field("to", "1".into()),
            Part::File {
                field: "f",
                name: "a\"\r\nX: y".into(),
                media_type: "image/png\r\n".into(),
                bytes: b"P".to_vec(),
            },
        ]);
        let body = String::from_utf8(form.body("b")).unwrap();
        assert_eq!(
            body,
            "--b\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n1\r\n--b\r\n\
             Content-Disposition: form-data; name=\"f\"; filename=\"a%22%0D%0AX: y\"\r\nContent-Type: image/png\r\n\r\nP\r\n--b--\r\n"
        );
    }
}
