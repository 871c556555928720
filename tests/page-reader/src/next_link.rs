//! Which link of a listing leads to its next page.

use std::collections::BTreeSet;

use url::Url;

use crate::html::{Tag, attribute};

/// The texts, titles and labels of a link to the next page, without spaces and punctuation.
const NAMES: &str = "next nextpage gotonextpage gotothenextpage olderposts 下一页 下页 下一頁 下頁 后一页 後一頁 后页 後頁 \
                     翻下页 次へ 次のページ 次ページ 다음 다음페이지 weiter suivant siguiente далее";

/// The classes of a link to the next page, or of its parent.
const CLASSES: &str =
    "next nextpage pagenext pagernext paginationnext nxt nextpostslink nextlink nextbtn btnnext";

/// How a link shows that it leads to another page of a listing: the most certain first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// `<a rel=next>`.
    Rel,
    /// `<link rel=next>`.
    RelInHead,
    Name,
    Class,
    Arrow,
    /// The number of any page.
    Number(u32),
    /// It may stand for the last page too.
    DoubleArrow,
    /// The text has no letters or digits.
    Symbol,
}

/// Returns the sign that is in the attributes of a link, or in those of the element around it.
pub(crate) fn of_attributes(tag: &Tag, has_next_parent: bool) -> Option<Sign> {
    let is_next = |name| attribute(tag, name).is_some_and(|label| is_name(&label));
    if attribute(tag, "rel")
        .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next")))
    {
        return Some(if &**tag.name == b"a" { Sign::Rel } else { Sign::RelInHead });
    }
    if is_next("title") || is_next("aria-label") {
        return Some(Sign::Name);
    }
    (has_next_parent || has_next_class(tag)).then_some(Sign::Class)
}

/// Returns whether an element has a class that marks a link to the next page.
pub(crate) fn has_next_class(tag: &Tag) -> bool {
    let classes = attribute(tag, "class").unwrap_or_default();
    classes.split_ascii_whitespace().any(|class| CLASSES.split(' ').any(|next| next == letters(class)))
}

/// Returns the sign that is in the text of a link.
pub(crate) fn of_text(text: &str) -> Option<Sign> {
    let letters = letters(text);
    let number = letters.strip_prefix('第').unwrap_or(&letters).trim_end_matches(['页', '頁']);
    match text.trim() {
        ">" | "›" | "→" | "＞" | "❯" | "▶" | "〉" => Some(Sign::Arrow),
        "»" | ">>" | "››" | "≫" | "》" => Some(Sign::DoubleArrow),
        _ if is_name(text) => Some(Sign::Name),
        symbol if letters.is_empty() && !symbol.is_empty() => Some(Sign::Symbol),
        _ => number.parse().ok().map(Sign::Number),
    }
}

fn is_name(text: &str) -> bool {
    let letters = letters(text);
    NAMES.split(' ').any(|name| name == letters)
}

fn letters(text: &str) -> String {
    text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the next page of the one at `address` from the links to all pages.
pub(crate) fn next(links: Vec<(Sign, Url)>, address: &Url) -> Option<Url> {
    let number = |sign: &Sign| if let Sign::Number(number) = sign { Some(*number) } else { None };
    let numbers: BTreeSet<u32> = links.iter().filter_map(|(sign, _)| number(sign)).collect();
    let next = current(&numbers, page_number(address)).checked_add(1);
    let links = links.into_iter();
    let links =
        links.filter(|(sign, _)| *sign != Sign::Symbol && (number(sign).is_none() || number(sign) == next));
    links.min_by_key(|(sign, _)| *sign).map(|(_, target)| target)
}

/// Returns the number of the page with links to pages with these numbers: usually the one that is missing between them.
/// `assumed` is the number by the address.
fn current(links: &BTreeSet<u32>, assumed: u32) -> u32 {
    let is_missing = |&number: &u32| !links.contains(&number) && links.contains(&number.saturating_add(1));
    let after = |&number: &u32| number.saturating_add(1);
    let first = || Some(1).filter(is_missing);
    let between = || links.iter().map(after).find(is_missing);
    Some(assumed).filter(is_missing).or_else(between).or_else(first).unwrap_or(assumed)
}

/// Returns the number of a listing page: that at the end of a name such as `index_2.html`, or of the query's `page` or `p`;
/// without either, 1.
fn page_number(address: &Url) -> u32 {
    let name = address.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let number =
        stem.rsplit(|char: char| !char.is_ascii_digit()).next().and_then(|number| number.parse().ok());
    let query =
        address.query_pairs().find(|(name, _)| matches!(&**name, "page" | "paged" | "p" | "pg" | "pn"));
    query.and_then(|(_, number)| number.parse().ok()).or(number).unwrap_or(1)
}
