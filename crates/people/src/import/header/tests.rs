use super::super::records::{Next, Records};
use super::*;
use proptest::prelude::*;

fn header(line: &str, wanted: &[&str]) -> Result<Header, HeaderError> {
    let mut record = Record::default();
    let mut records = Records::new(line.as_bytes(), delimiter(line.as_bytes()));
    assert_eq!(records.next(&mut record).unwrap(), Next::Record);
    Header::read(&record, &wanted.iter().map(ToString::to_string).collect::<Vec<_>>())
}

#[test]
fn names_in_four_languages_and_any_order() {
    for line in [
        "First Name,E-MAIL,Phone_Number,Consent Time",
        "الاسم الأول;البريد الإلكترونى;رقم الجوال;تاريخ الموافقه",
        "VORNAME\te-mail-adresse\tTelefonnummer\tEinwilligung am",
        "Prénom;Courriel;Téléphone;Date du consentement",
    ] {
        let header = header(line, &[]).unwrap();
        let expected = [Column::FirstName, Column::Email, Column::Phone, Column::ConsentTime];
        assert_eq!(header.meaning, expected.map(Meaning::Known), "{line}");
    }
}

#[test]
fn no_name_belongs_to_two_columns() {
    let mut seen = BTreeMap::new();
    for column in Column::ALL {
        assert_eq!(Column::named(column.name()), Some(column));
        for name in column.names() {
            let before = seen.insert(key(name), column);
            assert!(before.is_none_or(|before| before == column), "{name}");
        }
    }
}

#[test]
fn unknown_columns_are_dropped_unless_asked_for() {
    let header = header("email,Shoe Size,Favourite Colour,", &["shoe-size"]).unwrap();
    assert_eq!(header.attributes, ["shoe_size"]);
    assert_eq!(header.dropped(), ["Favourite Colour", "column 4"]);
    assert_eq!(header.mapped()["Shoe Size"], "attribute shoe_size");
    assert_eq!(header.mapped()["email"], "email");
}

#[test]
fn unusable_headers_say_what_is_wrong() {
    let wrong = |line, wanted: &[&str]| header(line, wanted).unwrap_err().to_string();
    assert!(wrong("email,E-Mail,name", &[]).contains("\"email\" and \"E-Mail\""));
    assert!(wrong("email,colour,Colour", &[]).contains("\"colour\" and \"Colour\""));
    assert!(wrong("colour,size", &[]).contains("\"colour\", \"size\""));
    assert!(wrong("lina@example.com,Lina", &[]).contains("first row holds data"));
    assert!(wrong("email,size", &["colour"]).contains("\"colour\""));
}

#[test]
fn a_mapping_goes_before_names() {
    let read = |line: &str, targets: &[(usize, Target)]| {
        let mut record = Record::default();
        Records::new(line.as_bytes(), b',').next(&mut record).unwrap();
        Header::read_as(&record, &Columns { keep: Vec::new(), targets: targets.iter().cloned().collect() })
    };
    let field = |code: &str| Target::Field(code.to_owned());
    let header =
        read("a,a,email,", &[(0, field("email")), (1, Target::Attribute("Shoe size".into())), (2, Target::Drop)])
            .unwrap();
    assert_eq!(
        header.meaning,
        [Meaning::Known(Column::Email), Meaning::Attribute(0), Meaning::Dropped, Meaning::Dropped]
    );
    assert_eq!((header.attributes[0].as_str(), header.labels[0].as_str()), ("shoe_size", "Shoe size"));
    for (targets, expected) in [
        (vec![(9, Target::Drop)], "no column number 9"),
        (vec![(0, field("colour"))], "column 0 cannot become"),
        (vec![(0, field("email"))], "more than one column becomes email"),
        (vec![(2, Target::Drop)], "no column for e-mail or phone"),
    ] {
        let refusal = read("a,b,email", &targets).unwrap_err().to_string();
        assert!(refusal.contains(expected), "{refusal}");
    }
    for column in Column::ALL {
        assert_eq!(Column::from_code(&column.code()), Some(column));
    }
}

proptest! {
    #[test]
    fn any_line_is_survived(line in "[\\PC]{1,80}") {
        let mut record = Record::default();
        let mut records = Records::new(line.as_bytes(), delimiter(line.as_bytes()));
        if records.next(&mut record).unwrap() == Next::Record {
            let _ = Header::read(&record, std::slice::from_ref(&line));
        }
    }
}
