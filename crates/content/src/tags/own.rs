//! Barid's own notation: `{{ first_name | fallback: "friend" }}` and `{% if plan == "gold" %}`.
//!
//! The grammar is small on purpose: a name or a quoted text, then filters; conditions over fields,
//! tags and saved segments (`segment "seg_…"`) with `and`, `or`, `not` and parentheses. Everything is bounded in depth.

use super::{Case, Compare, Condition, Origin, Tag, Value, Wrong, system};
use crate::dates::Format;
use crate::fields::FieldCatalog;

const MAX_DEPTH: u32 = 24;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Sign(&'static str),
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    catalog: &'a FieldCatalog,
}

type Result<T> = std::result::Result<T, Wrong>;

/// Reads the inside of `{{ … }}`.
pub(crate) fn value(text: &str, catalog: &FieldCatalog) -> Result<Tag> {
    let mut parser = Parser::new(text, catalog)?;
    let mut value = match parser.next() {
        Some(Token::Text(text)) => Origin::Literal(text).into(),
        Some(Token::Name(name)) => match system(&name) {
            Some(Tag::Value(value)) => value,
            Some(other) => return parser.end().map(|()| other),
            None => Origin::Field(parser.field(&name)?).into(),
        },
        _ => return Err("a merge tag needs a name, as in {{ first_name | fallback: \"friend\" }}".into()),
    };
    while parser.accept("|") {
        parser.filter(&mut value)?;
    }
    parser.end()?;
    let needs_fallback = matches!(&value.origin, Origin::Field(name) if name != "email");
    if needs_fallback && value.fallback.is_none() && !value.required {
        let Origin::Field(name) = &value.origin else { unreachable!("checked just above") };
        return Err(Wrong::missing_fallback(format!(
            "{name} may be missing for some people: write {{{{ {name} | fallback: \"…\" }}}}, or {{{{ {name} | required }}}} to leave those people out"
        )));
    }
    Ok(Tag::Value(value))
}

/// Reads the inside of `{% … %}`.
pub(crate) fn control(text: &str, catalog: &FieldCatalog) -> Result<Tag> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match word {
        "if" => condition(rest, catalog).map(Tag::If),
        "unless" => condition(rest, catalog).map(|c| Tag::If(Condition::Not(Box::new(c)))),
        "elsif" | "elseif" | "elif" => condition(rest, catalog).map(Tag::ElseIf),
        "else" | "endif" | "endunless" if !rest.trim().is_empty() => Err(format!("nothing may follow {word}").into()),
        "else" => Ok(Tag::Else),
        "endif" | "endunless" => Ok(Tag::EndIf),
        _ => Err("unknown word: use if, elsif, else or endif".into()),
    }
}

fn condition(text: &str, catalog: &FieldCatalog) -> Result<Condition> {
    let mut parser = Parser::new(text, catalog)?;
    let condition = parser.or(0)?;
    parser.end()?;
    Ok(condition)
}

impl<'a> Parser<'a> {
    fn new(text: &str, catalog: &'a FieldCatalog) -> Result<Self> {
        Ok(Self { tokens: tokens(text)?, at: 0, catalog })
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn end(&self) -> Result<()> {
        if self.at >= self.tokens.len() {
            Ok(())
        } else {
            Err("there is something after the end of the expression".into())
        }
    }

    fn field(&self, name: &str) -> Result<String> {
        match self.catalog.find(name) {
            Some(field) => Ok(field.name.clone()),
            None => Err(unknown(name, self.catalog)),
        }
    }

    fn filter(&mut self, value: &mut Value) -> Result<()> {
        let Some(Token::Name(name)) = self.next() else {
            return Err("a filter is missing after |".into());
        };
        let argument = if self.accept(":") {
            match self.next() {
                Some(Token::Text(text)) => Some(text),
                _ => return Err(format!("{name} wants a text in quotes after the colon").into()),
            }
        } else {
            None
        };
        match (name.as_str(), argument) {
            ("fallback" | "default", Some(text)) => value.fallback = Some(text),
            ("fallback" | "default", None) => return Err("fallback wants a text: fallback: \"friend\"".into()),
            ("date", Some(format)) => {
                let format = Format::strftime(&format)
                    .ok_or("date knows %d %e %m %B %b %Y %y %A %a, as in date: \"%e %B %Y\"")?;
                value.date = Some(format);
            }
            ("date", None) => value.date = Some(Format::long()),
            ("required", None) => value.required = true,
            ("upper", None) => value.case = Some(Case::Upper),
            ("lower", None) => value.case = Some(Case::Lower),
            ("title", None) => value.case = Some(Case::Title),
            ("required" | "upper" | "lower" | "title", Some(_)) => return Err(format!("{name} takes no text").into()),
            _ => return Err("unknown filter: use fallback, required, upper, lower, title or date".into()),
        }
        Ok(())
    }

    fn or(&mut self, depth: u32) -> Result<Condition> {
        let mut left = self.and(depth)?;
        while self.word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: u32) -> Result<Condition> {
        let mut left = self.not(depth)?;
        while self.word("and") {
            left = Condition::And(Box::new(left), Box::new(self.not(depth)?));
        }
        Ok(left)
    }

    fn not(&mut self, depth: u32) -> Result<Condition> {
        if depth > MAX_DEPTH {
            return Err("the condition is nested too deeply: split it".into());
        }
        if self.word("not") {
            return Ok(Condition::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.accept("(") {
            let inner = self.or(depth + 1)?;
            return if self.accept(")") { Ok(inner) } else { Err("a closing ) is missing".into()) };
        }
        self.test()
    }

    fn test(&mut self) -> Result<Condition> {
        let Some(Token::Name(name)) = self.next() else {
            return Err("a condition starts with a field, as in plan == \"gold\", or with tag \"vip\"".into());
        };
        if name == "tag" {
            return match self.next() {
                Some(Token::Text(tag)) => Ok(Condition::Tag(tag)),
                _ => Err("tag wants a name in quotes: tag \"vip\"".into()),
            };
        }
        // A field may be called segment, too; then a sign follows, not a text.
        if name == "segment"
            && let Some(Token::Text(id)) = self.tokens.get(self.at)
        {
            let id = id.parse().map_err(|_| "segment wants the id of a saved segment in quotes: segment \"seg_…\"")?;
            self.at += 1;
            return Ok(Condition::Segment(id));
        }
        if name == "true" || name == "false" {
            return Ok(Condition::Constant(name == "true"));
        }
        let field = self.field(&name)?;
        let how = match self.tokens.get(self.at) {
            Some(Token::Sign("==" | "=")) => Compare::Equal,
            Some(Token::Sign("!=")) => Compare::Different,
            Some(Token::Sign("<")) => Compare::Less,
            Some(Token::Sign("<=")) => Compare::LessOrEqual,
            Some(Token::Sign(">")) => Compare::Greater,
            Some(Token::Sign(">=")) => Compare::GreaterOrEqual,
            Some(Token::Name(word)) if word == "contains" => Compare::Contains,
            _ => return Ok(Condition::Present(field)),
        };
        self.at += 1;
        match self.next() {
            Some(Token::Text(with)) => Ok(Condition::Compare(field, how, with)),
            _ => Err(format!("compare {field} with a text in quotes or a number").into()),
        }
    }
}

pub(crate) fn unknown(name: &str, catalog: &FieldCatalog) -> Wrong {
    Wrong::unknown_field(match catalog.nearest(name) {
        Some(near) => format!("unknown merge tag {name}: did you mean {near}?"),
        None => format!("unknown merge tag {name}: create the field first, or remove the tag"),
    })
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    const SIGNS: [&str; 11] = ["==", "!=", "<=", ">=", "<", ">", "=", "|", ":", "(", ")"];
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(close) = closing_quote(first) {
            let inside = &rest[first.len_utf8()..];
            let end = inside.find(close).ok_or("a closing quote is missing")?;
            out.push(Token::Text(inside[..end].to_owned()));
            rest = inside[end..].chars().next().map_or("", |c| &inside[end + c.len_utf8()..]);
        } else if first.is_alphanumeric() || first == '_' || first == '-' {
            let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let word = rest[..end].to_owned();
            out.push(if word.parse::<f64>().is_ok() && !first.is_alphabetic() {
                Token::Text(word)
            } else {
                Token::Name(word)
            });
            rest = &rest[end..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            out.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            return Err(format!("the character {first:?} has no meaning here").into());
        }
        rest = rest.trim_start();
    }
    Ok(out)
}

/// The quotes that may close a text opened with this one; editors like to make quotes curly.
fn closing_quote(open: char) -> Option<&'static [char]> {
    match open {
        '"' => Some(&['"']),
        '\'' => Some(&['\'']),
        '“' | '”' => Some(&['”', '“']),
        '‘' | '’' => Some(&['’', '‘']),
        '«' => Some(&['»']),
        _ => None,
    }
}
