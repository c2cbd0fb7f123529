//! Adds random noise to a text. The same seed gives the same noise.

/// A small random number generator (xorshift).
pub struct Noise(u64);

impl Noise {
    /// The generator for a seed.
    pub fn new(seed: u64) -> Noise {
        Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    /// Adds comments and blank lines anywhere, and breaks lines after commas and inside parentheses.
    pub fn spoil(&mut self, text: &str) -> String {
        let ending = ["\n", "\r\n"][self.below(2) as usize];
        let mut out = String::new();
        let mut goes_on = false;
        for (number, line) in text.lines().enumerate() {
            // After a comma the item continues, so only its next argument or a comment may follow.
            match self.below(14) {
                0 | 1 | 4 | 5 if goes_on => {}
                0 => out.push_str(ending),
                1 => out.push_str(&format!("{ending}{ending}  {ending}")),
                2 => out.push_str(&format!("    // above {number}{ending}")),
                3 => out.push_str(&format!("//// apart {number}{ending}{ending}")),
                4 => out.push_str(&format!("  /// documents {number}{ending}// mixed in {number}{ending}")),
                5 => out.push_str(&format!("//! of the module {number}{ending}")),
                _ => {}
            }
            match line.trim_start().starts_with("//") {
                true => out.push_str(line),
                false => self.spoil_line(line, number, ending, &mut out),
            }
            out.push_str(ending);
            goes_on = line.trim_end().ends_with(',');
        }
        out
    }

    fn spoil_line(&mut self, line: &str, number: usize, ending: &str, out: &mut String) {
        let mut in_string = false;
        let mut escaped = false;
        for c in line.chars() {
            if c == ')' && !in_string && self.below(4) == 0 {
                out.push_str(&format!("// closing {number}{ending}"));
            }
            out.push(c);
            in_string ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            if in_string || !matches!(c, ',' | '(' | '{') {
                continue;
            }
            match self.below(8) {
                0 => out.push_str(&format!(" // inside {number}{ending}")),
                1 if c != '{' => out.push_str(&format!("{ending}{ending} // below {number}{ending} // twice {number}{ending}")),
                2 => out.push_str(ending),
                _ => {}
            }
        }
        match self.below(8) {
            0 => out.push_str(&format!("   // behind {number}  ")),
            1 | 2 if line.trim_end().ends_with(',') => {}
            1 => out.push_str(&format!(";// behind {number}")),
            2 => out.push_str(" ; ; "),
            _ => {}
        }
    }

    /// Joins lines of a block with semicolons, if there is no comment and no blank line between them.
    pub fn join(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut lines = text.lines().peekable();
        let mut goes_on = false;
        while let Some(line) = lines.next() {
            let next = lines.peek().map_or("", |next| next.trim_start());
            let comment = |line: &str| line.starts_with("//") || line.contains(" // ") || line.contains("  //");
            let inside = line.starts_with(' ') && !goes_on && !next.is_empty();
            goes_on = line.ends_with([',', '(']);
            out.push_str(line);
            out.push_str(match inside && !goes_on && !comment(line.trim_start()) && !comment(next) {
                true if line.ends_with('{') => [" ", "\n", "\n"][self.below(3) as usize],
                true => ["; ", ";", "\n"][self.below(3) as usize],
                false => "\n",
            });
        }
        out
    }

    /// Varies the spaces, adds semicolons at the ends of lines, and breaks lines after commas.
    pub fn stretch(&mut self, text: &str) -> String {
        let mut out = String::new();
        for line in text.lines() {
            if line.trim_start().starts_with("//") || line.is_empty() {
                out.push_str(line);
            } else {
                let one_line = line.contains('{') && line.ends_with('}');
                let mut in_string = false;
                for c in line.chars() {
                    in_string ^= c == '"';
                    match c {
                        ' ' if !in_string => out.push_str([" ", "  ", "\t"][self.below(3) as usize]),
                        ',' if !in_string && !one_line => out.push_str([",", " ,", ",\n", ",\n\n"][self.below(4) as usize]),
                        _ => out.push(c),
                    }
                }
                if !line.ends_with(['{', ',']) {
                    out.push_str(["", ";", "  "][self.below(3) as usize]);
                }
            }
            out.push('\n');
        }
        out
    }
}
