//! What is kept against abuse is read for nothing else.

/// Tables of the class `abuse` that hold addresses of recipients, and the only files whose statements may name them:
/// the limit on soft failures, which counts them, and retention, which ends them after six months.
const KEPT: [(&str, [&str; 2]); 1] =
    [("soft_failure", ["outbound/src/soft_limit.rs", "outbound/src/retention/mod.rs"])];

#[test]
fn only_the_limit_reads_the_addresses_kept_against_abuse() {
    let abuse: Vec<&str> = store::inventory::iter::<store::PersonalTable>()
        .filter(|table| table.class == "abuse")
        .map(|table| table.table)
        .collect();
    for (table, files) in KEPT {
        assert!(abuse.contains(&table), "{table} is kept for the six months of the class abuse");
        let mut counts = 0;
        for found in store::registered() {
            let names = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_') == table;
            if !found.sql.text.split_whitespace().any(names) || found.file.contains("tests/") {
                continue;
            }
            assert!(
                files.iter().any(|file| found.file.ends_with(file)),
                "{} in {} reads {table}",
                found.sql.name,
                found.file
            );
            counts += usize::from(found.sql.text.starts_with("SELECT") && found.file.ends_with(files[0]));
        }
        assert_eq!(counts, 1, "one statement reads it: the count of the limit");
    }
    let marketing = privacy::retention::CLASSES.iter().find(|class| class.name == "abuse").unwrap();
    assert_eq!(marketing.period.to_string(), "P6M");
}
