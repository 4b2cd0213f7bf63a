//! Every page that somebody can reach: from the pages that people begin with, along all links, one page of each kind.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Instant,
};

use crate::kit::{Look, Window};

/// A console with more kinds of pages than this has a link that makes new addresses for ever.
const MOST: usize = 150;
/// What has neither text for people nor a width: files, programs' addresses.
const FILES: [&str; 8] = [".csv", ".docx", ".xlsx", "/files/", "/api/", "/ledger/checkpoint", "/ledger/key", "/ledger/tile"];

/// Who walks, where they begin besides `/`, and which kinds of pages they must come to.
pub struct Walk {
    pub login: &'static str,
    /// Pages that a link leads to only in some state, and special cases of pages.
    pub also: &'static [&'static str],
    pub reaches: &'static [&'static str],
    /// Kinds of pages that are linked to although this person may not see them.
    pub refused: &'static [&'static str],
    /// Only pages whose address begins so; everything when empty.
    pub within: &'static [&'static str],
    /// axe-core in every language and width on the pages that links lead to, else in Vietnamese on a wide window and in English on a
    /// narrow one.
    pub thorough: bool,
}

/// Faults of all pages: status, width and accessibility, in both languages.
pub async fn walk(w: &Window, width: &str, walk: &Walk) -> Vec<String> {
    let began = Instant::now();
    let mut faults = Vec::new();
    w.sign_in(walk.login).await;
    let mut waiting: VecDeque<(String, String)> = VecDeque::from([("/".to_owned(), String::new())]);
    waiting.extend(walk.also.iter().map(|p| ((*p).to_owned(), String::new())));
    let mut asked: BTreeSet<String> = waiting.iter().map(|(p, _)| p.clone()).collect();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::from([("/".to_owned(), 1)]);
    let mut seen = 0;
    while let Some((page, from)) = waiting.pop_front() {
        seen += 1;
        assert!(seen <= MOST, "more than {MOST} pages: {kinds:?}");
        for lang in ["vi", "en"] {
            let address = in_language(&page, lang);
            w.open(&address).await;
            // Colours in both widths, each in one language.
            let look = match (width == "1440") == (lang == "vi") {
                true => Look::Colours,
                false if walk.thorough && (page == "/" || !from.is_empty()) => Look::Words,
                false => Look::No,
            };
            let status =
                if walk.refused.contains(&kind(&page).as_str()) { w.status().await.filter(|s| *s == 403).unwrap_or(200) } else { 200 };
            faults
                .extend(of_page(w, status, look).await.into_iter().map(|f| format!("{} at {width} px, {address} {from}: {f}", walk.login)));
        }
        for link in links(w).await {
            let kind = kind(&link);
            if !walk.within.is_empty() && !walk.within.iter().any(|p| kind.starts_with(p)) {
                continue;
            }
            let known = kinds.entry(kind).or_default();
            if *known == 0 && asked.insert(link.clone()) {
                waiting.push_back((link, format!("(a link of {page})")));
            }
            *known += 1;
        }
    }
    for must in walk.reaches {
        if !kinds.contains_key(*must) {
            faults.push(format!("{} at {width} px: no link leads to {must}", walk.login));
        }
    }
    eprintln!("{} at {width} px: {seen} pages in {:.1} s", walk.login, began.elapsed().as_secs_f64());
    faults
}

/// What is wrong with the page that stands open.
pub async fn of_page(w: &Window, status: u64, look: Look) -> Vec<String> {
    let mut out = Vec::new();
    let got = w.status().await;
    if got != Some(status) {
        out.push(format!("status {got:?}"));
    }
    let over = w.overflow().await;
    if over != Some(0) {
        out.push(format!("{over:?} px wider than the window"));
    }
    out.extend(w.run_together().await.into_iter().map(|row| format!("words run into each other: {row}")));
    out.extend(w.axe(look).await);
    out
}

fn in_language(page: &str, lang: &str) -> String {
    format!("{page}{}lang={lang}", if page.contains('?') { '&' } else { '?' })
}

/// Addresses of the page's links within the site, without the language.
async fn links(w: &Window) -> Vec<String> {
    let found = w
        .js("return [...document.querySelectorAll('main a[href], nav a[href], header a[href]')]\
             .filter((a) => a.origin === location.origin && !a.hasAttribute('download')).map((a) => a.pathname + a.search)")
        .await;
    let mut out: Vec<String> = Vec::new();
    for link in found.as_array().into_iter().flatten().filter_map(|l| l.as_str()) {
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        if FILES.iter().any(|f| path.contains(f)) {
            continue;
        }
        let query: Vec<&str> = query.split('&').filter(|q| !q.is_empty() && !q.starts_with("lang=")).collect();
        out.push(if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) });
    }
    out
}

/// `/tasks/*` for every task: a part of a path that names one thing becomes a star.
fn kind(link: &str) -> String {
    let path = link.split('?').next().unwrap_or(link);
    let parts: Vec<&str> = path.split('/').collect();
    let names = |i: usize, part: &str| {
        let one_of_many = matches!(parts.get(i.wrapping_sub(1)), Some(&("accounts" | "indicators" | "tasks" | "directives" | "targets")));
        i > 1 && (part.contains(|c: char| !c.is_ascii_lowercase()) || one_of_many && !matches!(part, "new"))
    };
    parts.iter().enumerate().map(|(i, p)| if names(i, p) { "*" } else { p }).collect::<Vec<_>>().join("/")
}
