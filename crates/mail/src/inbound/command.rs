//! Commands of a client (RFC 5321 section 4.1), parsed without side effects.

/// A command, with what the listener needs of its argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Ehlo,
    Helo,
    Mail { size: Option<u64>, from: String, utf8: bool },
    Rcpt { to: String },
    Data,
    Rset,
    Noop,
    Quit,
    StartTls,
    Verify,
    Help,
}

/// Why a line is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    /// 500
    Unknown,
    /// 501
    Argument,
    /// 555
    Parameter,
}

impl Command {
    /// Parses a line without its end.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Bad> {
        let line = std::str::from_utf8(line).map_err(|_| Bad::Argument)?.trim_end();
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err(Bad::Argument);
        }
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let argument = argument.trim();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if !argument.is_empty() => Ok(Self::Ehlo),
            "HELO" if !argument.is_empty() => Ok(Self::Helo),
            "MAIL" => Self::mail(argument),
            "RCPT" => {
                let (to, rest) = path(argument, "TO:")?;
                if !rest.is_empty() {
                    return Err(Bad::Parameter);
                }
                if to.is_empty() { Err(Bad::Argument) } else { Ok(Self::Rcpt { to: to.to_owned() }) }
            }
            "DATA" if argument.is_empty() => Ok(Self::Data),
            "RSET" if argument.is_empty() => Ok(Self::Rset),
            "QUIT" if argument.is_empty() => Ok(Self::Quit),
            "STARTTLS" if argument.is_empty() => Ok(Self::StartTls),
            "EHLO" | "HELO" | "DATA" | "RSET" | "QUIT" | "STARTTLS" => Err(Bad::Argument),
            "NOOP" => Ok(Self::Noop),
            "VRFY" | "EXPN" => Ok(Self::Verify),
            "HELP" => Ok(Self::Help),
            _ => Err(Bad::Unknown),
        }
    }

    fn mail(argument: &str) -> Result<Self, Bad> {
        let (from, rest) = path(argument, "FROM:")?;
        let (mut size, mut utf8) = (None, false);
        for parameter in rest.split_ascii_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.to_ascii_uppercase().as_str() {
                "SIZE" => size = Some(value.parse().map_err(|_| Bad::Argument)?),
                "BODY" if value.eq_ignore_ascii_case("7BIT") || value.eq_ignore_ascii_case("8BITMIME") => {}
                "SMTPUTF8" if value.is_empty() => utf8 = true,
                _ => return Err(Bad::Parameter),
            }
        }
        Ok(Self::Mail { size, from: from.to_owned(), utf8 })
    }
}

/// The address between angle brackets after `prefix`, and what follows it.
fn path<'a>(argument: &'a str, prefix: &str) -> Result<(&'a str, &'a str), Bad> {
    let start = argument.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).ok_or(Bad::Argument)?;
    let rest = argument[start.len()..].trim_start().strip_prefix('<').ok_or(Bad::Argument)?;
    let (address, rest) = rest.split_once('>').ok_or(Bad::Argument)?;
    // A source route (@a,@b:user@c) is to be ignored (RFC 5321 section 4.1.1.3).
    let address = match address.strip_prefix('@').and_then(|route| route.split_once(':')) {
        Some((_, address)) => address,
        None => address,
    };
    if address.len() > 320 || address.contains(['<', ' ', '\t']) {
        return Err(Bad::Argument);
    }
    Ok((address, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(line: &str) -> Result<Command, Bad> {
        Command::parse(line.as_bytes())
    }

    #[test]
    fn commands_in_any_case() {
        assert_eq!(parse("ehlo mx.example"), Ok(Command::Ehlo));
        assert_eq!(
            parse("MAIL FROM:<> SIZE=1000 BODY=8BITMIME SMTPUTF8"),
            Ok(Command::Mail { size: Some(1000), from: String::new(), utf8: true })
        );
        assert_eq!(parse("rcpt to: <@a,@b:u+x@example.com>"), Ok(Command::Rcpt { to: "u+x@example.com".into() }));
        assert_eq!(parse("data"), Ok(Command::Data));
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(parse("EHLO"), Err(Bad::Argument));
        assert_eq!(parse("MAIL FROM:a@example.com"), Err(Bad::Argument));
        assert_eq!(parse("MAIL FROM:<a@example.com> RET=FULL"), Err(Bad::Parameter));
        assert_eq!(parse("RCPT TO:<>"), Err(Bad::Argument));
        assert_eq!(parse("RCPT TO:<a@b> NOTIFY=NEVER"), Err(Bad::Parameter));
        assert_eq!(parse("GET / HTTP/1.1"), Err(Bad::Unknown));
        assert_eq!(Command::parse(&[0xff, 0xfe]), Err(Bad::Argument));
    }

    proptest! {
        #[test]
        fn any_line_is_survived(line in "((?i)MAIL FROM:|RCPT TO:|EHLO )?\\PC{0,60}", octets in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(Command::Rcpt { to }) = parse(&line) {
                prop_assert!(!to.contains(['<', '>', '\r', '\n']));
            }
            let _ = Command::parse(&octets);
        }
    }
}
