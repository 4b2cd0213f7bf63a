//! Forms and links of a page as a browser sees them: just enough HTML for our own pages.

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Hidden,
    /// One line, several lines; the type as written.
    Text(String),
    /// One of these.
    Choice(Vec<String>),
    Check(String),
    File,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// Empty: nothing chosen, nothing written.
    pub value: String,
    pub file: Option<(String, Vec<u8>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    pub files: bool,
    pub fields: Vec<Field>,
}

/// Separates the parts of a form with files; no text of ours has it.
const BOUNDARY: &str = "----haidang-bench-7b1f";

impl Form {
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|f| f.name == name)
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|f| f.name == name).map_or("", |f| &f.value)
    }

    /// Fills a field; adds it where the form has none of that name (a button's value).
    pub fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|f| f.name == name) {
            Some(f) => value.clone_into(&mut f.value),
            None => self.fields.push(Field { name: name.to_owned(), kind: Kind::Hidden, value: value.to_owned(), file: None }),
        }
    }

    /// A box that stood there unticked.
    pub fn tick(&mut self, name: &str) {
        self.fields.retain(|f| f.name != name);
        self.set(name, "true");
    }

    pub fn attach(&mut self, name: &str, bytes: Vec<u8>) {
        if let Some(f) = self.fields.iter_mut().find(|f| f.name == name) {
            f.file = Some(("giay-to.pdf".into(), bytes));
        }
    }

    fn sent(&self) -> impl Iterator<Item = (&str, &str)> {
        let given = |f: &&Field| match f.kind {
            Kind::Check(_) | Kind::Choice(_) => !f.value.is_empty(),
            Kind::File => false,
            Kind::Hidden | Kind::Text(_) => true,
        };
        self.fields.iter().filter(given).map(|f| (f.name.as_str(), f.value.as_str()))
    }

    /// Media type and body.
    pub fn encode(&self) -> (String, Vec<u8>) {
        if !self.files {
            let pairs: Vec<String> = self.sent().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
            return ("application/x-www-form-urlencoded".into(), pairs.join("&").into_bytes());
        }
        let mut out = Vec::new();
        for (name, value) in self.sent() {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            out.extend_from_slice(part.as_bytes());
        }
        for f in self.fields.iter().filter(|f| f.kind == Kind::File) {
            let (file, bytes, media) = match &f.file {
                Some((file, bytes)) => (file.as_str(), bytes.as_slice(), "application/pdf"),
                None => ("", &[][..], "application/octet-stream"),
            };
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{file}\"\r\nContent-Type: {media}\r\n\r\n",
                f.name
            );
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(bytes);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={BOUNDARY}"), out)
    }
}

/// Percent-encoding of a form's name or value.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(b)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&lt;", "<"), ("&#62;", ">"), ("&gt;", ">")];
    let plain = pairs.iter().fold(text.to_owned(), |t, (from, to)| t.replace(from, to));
    plain.replace("&#38;", "&").replace("&amp;", "&")
}

/// A tag with its attributes.
struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        let mut from = 0;
        while let Some(at) = self.rest[from..].find(name).map(|i| i + from) {
            let after = &self.rest[at + name.len()..];
            let whole = at == 0 || self.rest.as_bytes()[at - 1].is_ascii_whitespace();
            if whole && let Some(value) = after.strip_prefix("=\"") {
                return Some(unescape(&value[..value.find('"').unwrap_or(value.len())]));
            }
            if whole && (after.is_empty() || after.starts_with([' ', '/'])) {
                return Some(String::new());
            }
            from = at + name.len();
        }
        None
    }
}

/// The tags of a page with where each ends. Our templates escape `<` and `>` in every value.
fn tags(html: &str) -> impl Iterator<Item = (Tag<'_>, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + html[at..].find('<')?;
        let end = begin + html[begin..].find('>')?;
        at = end + 1;
        let inside = &html[begin + 1..end];
        let (name, rest) = inside.split_once(' ').unwrap_or((inside, ""));
        Some((Tag { name, rest }, at))
    })
}

pub fn links(html: &str) -> Vec<String> {
    tags(html).filter(|(t, _)| t.name == "a").filter_map(|(t, _)| t.attribute("href")).collect()
}

/// An attribute of the page's body.
pub fn body_attribute(html: &str, name: &str) -> Option<String> {
    tags(html).find(|(t, _)| t.name == "body")?.0.attribute(name)
}

/// What a page says is wrong, for the report.
pub fn said_wrong(html: &str) -> String {
    let mut out = Vec::new();
    for (tag, end) in tags(html) {
        let of = |names: &[&str]| tag.attribute("class").is_some_and(|c| c.split(' ').any(|c| names.contains(&c)));
        if of(&["error"]) || tag.name == "h1" || tag.attribute("role").as_deref() == Some("alert") {
            let text: String = html[end..].chars().take(160).collect();
            out.push(text.split('<').filter_map(|t| t.split_once('>').map_or(Some(t), |(_, t)| Some(t))).collect::<Vec<_>>().join(" "));
        }
    }
    out.truncate(3);
    out.join(" | ")
}

pub fn forms(html: &str) -> Vec<Form> {
    let mut out: Vec<Form> = Vec::new();
    let mut inside = false;
    let mut select = false;
    for (tag, end) in tags(html) {
        if tag.name == "form" {
            let files = tag.attribute("enctype").is_some_and(|e| e.starts_with("multipart"));
            out.push(Form { action: tag.attribute("action").unwrap_or_default(), files, fields: Vec::new() });
            inside = true;
            continue;
        }
        let Some(form) = out.last_mut().filter(|_| inside) else { continue };
        let name = tag.attribute("name").unwrap_or_default();
        let value = tag.attribute("value").unwrap_or_default();
        let field = |kind, value| Field { name: name.clone(), kind, value, file: None };
        match tag.name {
            "/form" => inside = false,
            "/select" => select = false,
            "input" if !name.is_empty() => match tag.attribute("type").as_deref() {
                Some("hidden") => form.fields.push(field(Kind::Hidden, value)),
                Some("file") => form.fields.push(field(Kind::File, String::new())),
                Some("checkbox") => {
                    let on = tag.attribute("checked").is_some();
                    form.fields.push(field(Kind::Check(value.clone()), if on { value } else { String::new() }));
                }
                Some("radio") => {
                    let on = tag.attribute("checked").is_some();
                    let known = form.fields.iter().position(|f| f.name == name);
                    let at = known.unwrap_or_else(|| {
                        form.fields.push(field(Kind::Choice(Vec::new()), String::new()));
                        form.fields.len() - 1
                    });
                    if let Kind::Choice(list) = &mut form.fields[at].kind {
                        list.push(value.clone());
                    }
                    if on {
                        form.fields[at].value = value;
                    }
                }
                other => form.fields.push(field(Kind::Text(other.unwrap_or("text").to_owned()), value)),
            },
            "textarea" => {
                let text = &html[end..end + html[end..].find('<').unwrap_or(0)];
                form.fields.push(field(Kind::Text("textarea".into()), unescape(text)));
            }
            "select" => {
                select = true;
                form.fields.push(field(Kind::Choice(Vec::new()), String::new()));
            }
            "option" if select => {
                if let Some(f) = form.fields.last_mut() {
                    // A browser sends the first option where none is marked.
                    let first = matches!(&f.kind, Kind::Choice(list) if list.is_empty());
                    if first || tag.attribute("selected").is_some() {
                        f.value.clone_from(&value);
                    }
                    if let Kind::Choice(list) = &mut f.kind {
                        list.push(value);
                    }
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_filled_and_sent() {
        let html = r#"<a class="num" href="/a?x=1&#38;y=2">A</a><form method="post" action="/do" enctype="multipart/form-data"><input type="hidden" name="csrf" value="t">
            <input name="d" value="a &#38; b"><label><input type="radio" name="r" value="1"> one</label><input type="radio" name="r" value="2" checked>
            <select name="s"><option value="">–</option><option value="k" selected>K</option></select><input type="checkbox" name="c" value="true">
            <textarea name="l">x</textarea><input type="file" name="file"><button>go</button></form><input name="outside">"#;
        let mut form = forms(html).remove(0);
        let values: Vec<_> = form.fields.iter().map(|f| (f.name.as_str(), f.value.as_str())).collect();
        assert_eq!(values, [("csrf", "t"), ("d", "a & b"), ("r", "2"), ("s", "k"), ("c", ""), ("l", "x"), ("file", "")]);
        form.set("then", "next");
        form.files = false;
        assert_eq!(String::from_utf8(form.encode().1).unwrap(), "csrf=t&d=a+%26+b&r=2&s=k&l=x&then=next");
        form.files = true;
        form.attach("file", b"%PDF-1.4".to_vec());
        let body = String::from_utf8(form.encode().1).unwrap();
        assert!(body.contains("name=\"file\"; filename=\"giay-to.pdf\"") && body.contains("%PDF-1.4"));
        assert_eq!(links(html), ["/a?x=1&y=2"]);
    }
}
