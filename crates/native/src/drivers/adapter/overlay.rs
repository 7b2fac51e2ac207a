//! A clock that is off, for Go: its programs ask the kernel without a library between that could be replaced, so the standard
//! library's own `time.Now` gets one line more when the adapter is built. Not one line of a driver changes, and the monotonic
//! reading stays, so timeouts are right (drivers-live.md 4).

use std::path::Path;

use super::super::ClientError;

/// The variable that says by how much, as Go writes a duration: `-20ms`.
pub const SKEW: &str = "GO_CLOCK_SKEW";

const SKEWED: &str = r#"package time

import "syscall"

// skewed moves a reading of the wall clock by GO_CLOCK_SKEW, which may change while the program runs.
func skewed(sec int64, nsec int32) (int64, int32) {
	text, found := syscall.Getenv("GO_CLOCK_SKEW")
	if !found {
		return sec, nsec
	}
	by, err := ParseDuration(text)
	if err != nil {
		return sec, nsec
	}
	sec += int64(by / Second)
	left := int64(nsec) + int64(by%Second)
	if left < 0 {
		sec, left = sec-1, left+int64(Second)
	} else if left >= int64(Second) {
		sec, left = sec+1, left-int64(Second)
	}
	return sec, int32(left)
}
"#;

/// Writes the two files and the `overlay.json` that names them into `dir`; `root` is Go's own.
pub fn write(dir: &Path, root: &Path) -> Result<(), ClientError> {
    let failed = |error: std::io::Error| ClientError::Unbuilt(format!("the overlay of Go's time: {error}"));
    let time = root.join("src/time/time.go");
    let text = std::fs::read_to_string(&time).map_err(failed)?;
    std::fs::write(dir.join("time.go.overlay"), moved(&text)?).map_err(failed)?;
    std::fs::write(dir.join("skew.go.overlay"), SKEWED).map_err(failed)?;
    let replace = serde_json::json!({ "Replace": {
        (time.display().to_string()): dir.join("time.go.overlay").display().to_string(),
        (root.join("src/time/skew.go").display().to_string()): dir.join("skew.go.overlay").display().to_string(),
    }});
    std::fs::write(dir.join("overlay.json"), replace.to_string()).map_err(failed)
}

/// `time.go` with one line more behind the reading of the clock in `Now`.
fn moved(text: &str) -> Result<String, ClientError> {
    let unlike = || ClientError::Unbuilt("this Go's time.Now is not written as we know it".into());
    let now = text.find("func Now() Time {").ok_or_else(unlike)?;
    let reading = now + text.get(now..).and_then(|rest| rest.find("sec, nsec, mono := ")).ok_or_else(unlike)?;
    let end = reading + text.get(reading..).and_then(|rest| rest.find('\n')).ok_or_else(unlike)? + 1;
    let (before, after) = text.split_at(end);
    Ok(format!("{before}\tsec, nsec = skewed(sec, nsec)\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stands_behind_the_reading_of_the_clock() {
        let go = "func Since(t Time) {\n}\n\nfunc Now() Time {\n\tsec, nsec, mono := runtimeNow()\n\tif mono == 0 {\n";
        let skewed = "\tsec, nsec, mono := runtimeNow()\n\tsec, nsec = skewed(sec, nsec)\n\tif mono == 0 {\n";
        assert!(moved(go).unwrap().ends_with(skewed));
        assert!(moved("func Now() Time { return now() }").is_err());
    }
}
