//! The words of a command line.

use super::error::Error;

/// What is left of the command line. Options may stand anywhere; behind `--` nothing is an option.
pub struct Args {
    words: Vec<String>,
    plain: Vec<String>,
}

impl Args {
    pub fn new(mut words: Vec<String>) -> Args {
        let plain = match words.iter().position(|word| word == "--") {
            Some(at) => words.split_off(at).split_off(1),
            None => Vec::new(),
        };
        Args { words, plain }
    }

    /// Whether this flag is given.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.words.iter().position(|word| word == name) {
            Some(at) => {
                self.words.remove(at);
                true
            }
            None => false,
        }
    }

    /// The value of an option: `--seed 7` or `--seed=7`.
    pub fn value(&mut self, name: &str) -> Result<Option<String>, Error> {
        let with = format!("{name}=");
        if let Some(at) = self.words.iter().position(|word| word.starts_with(&with)) {
            return Ok(self.words.remove(at).strip_prefix(&with).map(String::from));
        }
        match self.words.iter().position(|word| word == name) {
            Some(at) if at + 1 < self.words.len() => {
                self.words.remove(at);
                Ok(Some(self.words.remove(at)))
            }
            Some(_) => Err(Error::usage(format!("{name} has no value"))),
            None => Ok(None),
        }
    }

    /// The next word that is no option.
    pub fn next_word(&mut self) -> Option<String> {
        match self.words.iter().position(|word| word == "-" || !word.starts_with('-')) {
            Some(at) => Some(self.words.remove(at)),
            None if self.plain.is_empty() => None,
            None => Some(self.plain.remove(0)),
        }
    }

    /// All words that are left; an option among them is one too many.
    pub fn rest(mut self, options: &[&str]) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        while let Some(word) = self.next_word() {
            all.push(word);
        }
        match self.words.first() {
            Some(odd) => {
                let near = scenario::nearest(odd, options.iter().copied());
                Err(Error::usage_near(format!("there is no option {odd} here"), near))
            }
            None => Ok(all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    #[test]
    fn options_stand_anywhere() {
        let mut args = Args::new(["a.cql", "--seed", "7", "--json", "-", "--", "--odd"].map(String::from).to_vec());
        assert!(args.flag("--json") && !args.flag("--json"));
        assert_eq!(args.value("--seed").unwrap().as_deref(), Some("7"));
        assert_eq!(args.rest(&[]).unwrap(), ["a.cql", "-", "--odd"]);
        let args = Args::new(["--jsno".to_string()].to_vec());
        assert!(args.rest(&["--json"]).unwrap_err().to_string().contains("--json"));
    }
}
