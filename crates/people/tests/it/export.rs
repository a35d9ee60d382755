use people::contacts::{self, Standard};
use people::export::{self, CsvOptions};
use people::import::Basis;
use testkit::Fixture;

use crate::imports::{import, settings};
use crate::{origin, person, topic};

testkit::each_engine! {
    async fn what_is_exported_is_imported_again(t: Fixture) {
        let ctx = t.workspace().await;
        let mut draft = person("lina@example.com", "=1+1");
        draft.values.insert(Standard::LastName, "حداد, \"لينا\"".into());
        draft.values.insert(Standard::TimeZone, "Asia/Riyadh".into());
        draft.phones.push(kernel::Phone::parse("+966501234567", None).unwrap());
        draft.tags = vec!["@vip".into()];
        let id = contacts::create(&ctx, draft, &origin()).await.unwrap();
        let before = contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap().to_json();
        let file = export::csv(&ctx, Vec::new(), CsvOptions { bom: true }).await.unwrap();
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.starts_with('\u{feff}') && text.contains("'=1+1") && text.contains("'+966501234567"));

        let other = t.workspace().await;
        let news = topic(&other, "News", false).await;
        let report = import(&other, &file, settings(news, Basis::Contract)).await;
        assert_eq!((report.added, report.encoding.as_str()), (1, "UTF-8 with BOM"));
        let id = contacts::find(&other, "lina@example.com").await.unwrap().unwrap();
        let after = contacts::get(&other, people::ReadFor::Work, id).await.unwrap().to_json();
        for field in ["email", "phone", "first_name", "last_name", "time_zone", "tags"] {
            assert_eq!(before[field], after[field], "{field}");
        }
        let lines = String::from_utf8(export::json_lines(&ctx, Vec::new()).await.unwrap()).unwrap();
        let line: serde_json::Value = serde_json::from_str(lines.trim()).unwrap();
        assert_eq!(line, before);
    }
}
