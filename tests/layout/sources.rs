//! Source files as text: what each is called, what it says of itself, what it names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::LazyLock,
};

use regex::Regex;

pub struct Source {
    /// Below the root that was read.
    pub path: String,
    pub text: String,
}

pub fn sources(root: &str) -> Vec<Source> {
    fn walk(dir: &Path, root: &Path, found: &mut Vec<Source>) {
        for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                walk(&entry, root, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&entry).unwrap();
                found.push(Source { path: entry.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A path in code: `["crate", "db", "Conn"]`.
pub type Name = Vec<String>;

/// One name that a `use` brings in.
pub struct Use {
    pub name: Name,
    /// What it is called in this file; `*` for a glob.
    pub called: String,
    /// Whether it is handed on (`pub use`).
    pub handed_on: bool,
}

impl Source {
    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it says that it only decides.
    pub fn is_pure(&self) -> bool {
        self.text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.trim_end().ends_with("PURE."))
    }

    /// The module that it is: `a/b.rs` and `a/b/mod.rs` are `a::b`.
    pub fn place(&self) -> Name {
        let path = self.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").or(path.strip_suffix("/main")).unwrap_or(path);
        match path {
            "lib" => Vec::new(),
            _ => path.split('/').map(str::to_owned).collect(),
        }
    }

    /// The text without comments and `use` statements, and those statements.
    pub fn read(&self) -> (String, Vec<Use>) {
        static USE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?m)^[ \t]*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);").unwrap());
        let lines = self.text.lines().map(|line| line.split("//").next().unwrap_or_default());
        let code = lines.collect::<Vec<_>>().join("\n");
        let mut uses = Vec::new();
        for found in USE.captures_iter(&code) {
            expand("", &found[2], &mut |path| {
                let (path, called) = path.split_once(" as ").unwrap_or((path, ""));
                let mut name: Name = path.split("::").map(|part| part.trim().to_owned()).collect();
                if name.last().is_some_and(|last| last == "self") {
                    name.pop();
                }
                let last = name.last().cloned().unwrap_or_default();
                let called = if called.is_empty() { last } else { called.trim().to_owned() };
                uses.push(Use { name, called, handed_on: found.get(1).is_some() });
            });
        }
        (USE.replace_all(&code, "").into_owned(), uses)
    }
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(before: &str, tree: &str, each: &mut impl FnMut(&str)) {
    let tree = tree.trim();
    let Some((stem, rest)) = tree.split_once('{') else {
        each(&format!("{before}{tree}"));
        return;
    };
    let inner = rest.trim_end().strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[start..at].trim();
                if !part.is_empty() {
                    expand(&format!("{before}{}", stem.trim()), part, each);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// Who names whom: for each file the files whose items it names, each with those items. What a `mod.rs` hands on counts
/// for the file that defines it, and handing on is no arrow.
pub fn arrows(sources: &[Source]) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let house = House::of(sources);
    let read = |source: &Source| (source.path.clone(), house.named_by(source));
    sources.iter().map(read).collect()
}

struct House<'a> {
    /// Modules by place.
    modules: BTreeMap<Name, Module<'a>>,
}

struct Module<'a> {
    path: &'a str,
    code: String,
    uses: Vec<Use>,
    defined: BTreeSet<String>,
}

impl<'a> House<'a> {
    fn of(sources: &'a [Source]) -> Self {
        static DEFINED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?m)^\s*pub(?:\([^)]*\))?\s+(?:(?:async|const|unsafe)\s+)*(?:fn|struct|enum|trait|type|const|static)\s+(\w+)")
                .unwrap()
        });
        let module = |source: &'a Source| {
            let (code, uses) = source.read();
            let defined = DEFINED.captures_iter(&code).map(|found| found[1].to_owned()).collect();
            (source.place(), Module { path: &source.path, code, uses, defined })
        };
        Self { modules: sources.iter().map(module).collect() }
    }

    fn named_by(&self, source: &Source) -> BTreeMap<String, BTreeSet<String>> {
        static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+").unwrap());
        let place = source.place();
        let module = &self.modules[&place];
        let words: BTreeSet<&str> = module.code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let known: BTreeMap<&str, Name> = (module.uses.iter())
            .filter_map(|used| Some((used.called.as_str(), self.whole(&place, &used.name)?)))
            .collect();
        // What is handed on is named only where the code says it too.
        let said = |used: &&Use| !used.handed_on || words.contains(used.called.as_str());
        let used = module.uses.iter().filter(said).filter_map(|used| self.whole(&place, &used.name));
        let inline = PATH.find_iter(&module.code).filter_map(|found| {
            let parts: Name = found.as_str().split("::").map(str::to_owned).collect();
            match known.get(parts[0].as_str()) {
                Some(stem) => Some(stem.iter().chain(&parts[1..]).cloned().collect()),
                None => self.whole(&place, &parts),
            }
        });
        let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in used.chain(inline).chain(self.by_globs(&place, module, &words)) {
            if let Some((path, item)) = self.find(&name, 0).filter(|(path, _)| *path != source.path) {
                named.entry(path).or_default().insert(item);
            }
        }
        named
    }

    /// What globs that are handed on bring into a module's own code.
    fn by_globs(&self, place: &Name, module: &Module, words: &BTreeSet<&str>) -> Vec<Name> {
        let globs = module.uses.iter().filter(|used| used.called == "*");
        let globs = globs.filter_map(|used| self.whole(place, &used.name[..used.name.len() - 1].to_vec()));
        let items = |glob: Name| {
            let defined = self.modules.get(&glob).map(|module| module.defined.clone()).unwrap_or_default();
            let said = defined.into_iter().filter(|item| words.contains(item.as_str())).collect::<Vec<_>>();
            said.into_iter().map(move |item| glob.iter().cloned().chain([item]).collect::<Name>())
        };
        globs.flat_map(items).collect()
    }

    /// A name from the crate's root on; none where it is another crate's.
    fn whole(&self, place: &Name, name: &Name) -> Option<Name> {
        let binary = place.first().is_some_and(|first| first == "bin");
        let (start, rest): (Name, &[String]) = match name[0].as_str() {
            "crate" if binary => (place[..2].to_vec(), &name[1..]),
            "crate" | "thidua" => (Vec::new(), &name[1..]),
            "self" => (place.clone(), &name[1..]),
            "super" => {
                let ups = name.iter().take_while(|part| *part == "super").count();
                (place[..place.len().checked_sub(ups)?].to_vec(), &name[ups..])
            }
            child => {
                let below: Name = place.iter().cloned().chain([child.to_owned()]).collect();
                self.modules.contains_key(&below).then_some((place.clone(), &name[..]))?
            }
        };
        Some(start.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The file that defines what a whole name ends in, and the item; none for a bare module.
    fn find(&self, name: &[String], depth: usize) -> Option<(String, String)> {
        assert!(depth < 20, "{} is handed on in a circle", name.join("::"));
        let mut at = 0;
        while at < name.len() && self.is_module(&name[..=at]) {
            at += 1;
        }
        let (module, item) = (self.modules.get(&name[..at])?, name.get(at)?);
        let place = name[..at].to_vec();
        if module.defined.contains(item) || item == "*" {
            return Some((module.path.to_owned(), item.clone()));
        }
        let named = |used: &&Use| used.called == *item;
        if let Some(used) = module.uses.iter().find(named) {
            let whole: Name =
                self.whole(&place, &used.name)?.into_iter().chain(name[at + 1..].iter().cloned()).collect();
            return self.find(&whole, depth + 1);
        }
        let globs: Vec<Name> = (module.uses.iter())
            .filter(|used| used.called == "*" && used.handed_on)
            .filter_map(|used| self.whole(&place, &used.name[..used.name.len() - 1].to_vec()))
            .collect();
        let of = |glob: &Name| glob.iter().cloned().chain(name[at..].iter().cloned()).collect::<Name>();
        let defines = |glob: &&Name| self.modules.get(*glob).is_some_and(|module| module.defined.contains(item));
        match globs.iter().find(defines).or(globs.first().filter(|_| globs.len() == 1)) {
            Some(glob) => self.find(&of(glob), depth + 1),
            None => Some((module.path.to_owned(), item.clone())),
        }
    }

    fn is_module(&self, name: &[String]) -> bool {
        self.modules.contains_key(name) || self.modules.keys().any(|known| known.starts_with(name))
    }
}
