//! What a small picture is drawn with: 132 by 56, colours from the page's tokens.

use std::fmt::Write as _;

/// Width and height of a picture.
pub const SIZE: (f32, f32) = (132.0, 56.0);

/// A picture while it is drawn.
#[derive(Default)]
pub struct Sprite(pub String);

impl Sprite {
    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(shape);
    }

    /// Where time goes on a machine, or dates on an axis.
    pub fn lane(&mut self, y: f32) {
        self.put(format_args!(r#"<path d="M0 {y}h{}" stroke="var(--line-strong)"/>"#, SIZE.0));
    }

    /// What a tombstone covers, from the left up to its date.
    pub fn shade(&mut self, x: f32) {
        self.put(format_args!(r#"<path d="M0 8h{x}v40H0z" fill="var(--tomb-wash)"/>"#));
        let slant = (0..).map(|n| n as f32 * 8.0).take_while(|at| *at < x - 4.0);
        let lines: Vec<String> =
            slant.map(|at| format!("M{at} 48L{} {}", (at + 40.0).min(x), 48.0 - (x - at).min(40.0))).collect();
        self.put(format_args!(r#"<path d="{}" stroke="var(--tomb-hatch)" stroke-width="1.5"/>"#, lines.concat()));
        self.put(format_args!(r#"<path d="M{x} 8v40" stroke="var(--tomb)" stroke-width="1.8"/>"#));
    }

    /// A tombstone.
    pub fn stone(&mut self, x: f32, y: f32) {
        self.put(format_args!(
            r#"<g transform="translate({} {})" color="var(--tomb)"><path d="M1.3 11.3V5.1a4 4 0 0 1 7.8 0v6.2" fill="var(--tomb)"/><path d="M0 11.3h10.4" stroke="var(--tomb)" stroke-width="1.5"/></g>"#,
            x - 5.2,
            y - 6.4
        ));
    }

    /// A tombstone that is forgotten.
    pub fn hollow(&mut self, x: f32, y: f32) {
        self.put(format_args!(
            r#"<path d="M{} {}v-6a4 4 0 0 1 8 0v6z" fill="var(--surface)" stroke="var(--dead)" stroke-width="1.2" stroke-dasharray="2 2"/>"#,
            x - 4.0,
            y + 5.0
        ));
    }

    /// A row that is seen.
    pub fn live(&mut self, x: f32, y: f32) {
        self.put(format_args!(r#"<circle cx="{x}" cy="{y}" r="4.8" fill="var(--live)"/>"#));
    }

    /// A row that is not.
    pub fn dead(&mut self, x: f32, y: f32) {
        self.put(format_args!(
            r#"<circle cx="{x}" cy="{y}" r="4.4" fill="var(--surface)" stroke="var(--dead)" stroke-width="1.4"/><path d="M{} {}l11 -11" stroke="var(--dead)" stroke-width="1.4"/>"#,
            x - 5.5,
            y + 5.5
        ));
    }

    /// From the true time of a write to the date that its clock gave it.
    pub fn skew(&mut self, from: f32, to: f32, y: f32) {
        self.put(format_args!(
            r#"<path d="M{from} {y}H{to}" stroke="var(--clock)" stroke-dasharray="2 2"/><circle cx="{from}" cy="{y}" r="3.6" fill="var(--surface)" stroke="var(--clock)" stroke-width="1.2" stroke-dasharray="2 2"/>"#
        ));
    }

    /// A clock that is off.
    pub fn dial(&mut self, x: f32, y: f32) {
        self.put(format_args!(
            r#"<circle cx="{x}" cy="{y}" r="4.9" fill="var(--surface)" stroke="var(--clock)" stroke-width="1.2"/><path d="M{x} {}v2.8l2 1.3" fill="none" stroke="var(--clock)" stroke-width="1.2" stroke-linecap="round"/>"#,
            y - 2.8
        ));
    }

    /// A time in which a machine does not hear.
    pub fn band(&mut self, from: f32, to: f32, y: f32) {
        let width = (to - from).max(4.0);
        self.put(format_args!(r#"<path d="M{from} {}h{width}v14H{from}z" fill="var(--fault-wash)"/>"#, y - 7.0));
        self.put(format_args!(r#"<path d="M{from} {y}h{width}" stroke="var(--fault)" stroke-dasharray="2 3"/>"#));
    }

    /// Something that did not arrive, or was refused.
    pub fn cross(&mut self, x: f32, y: f32) {
        self.put(format_args!(
            r#"<path d="M{} {}l7 7m0 -7l-7 7" stroke="var(--fault)" stroke-width="1.8" stroke-linecap="round"/>"#,
            x - 3.5,
            y - 3.5
        ));
    }

    /// Much time passes.
    pub fn pause(&mut self, x: f32) {
        self.put(format_args!(
            r#"<path d="M{x} 6v44M{} 6v44" stroke="var(--line-strong)" stroke-dasharray="2 3"/>"#,
            x + 3.5
        ));
    }

    /// What a reader sees in the end: rows or none.
    pub fn eye(&mut self, seen: bool) {
        let outline = "M.8 5C2.3 2.4 4.5 1 7 1s4.7 1.4 6.2 4C11.7 7.6 9.5 9 7 9S2.3 7.6.8 5Z";
        self.put(format_args!(r#"<g transform="translate(117 23)" fill="none">"#));
        if seen {
            self.put(format_args!(r#"<path d="{outline}" stroke="var(--live)" stroke-width="1.2"/><circle cx="7" cy="5" r="1.9" fill="var(--live)"/></g>"#));
        } else {
            self.put(format_args!(r#"<path d="{outline}" stroke="var(--dead)" stroke-width="1.1" stroke-dasharray="2 1.5"/><path d="M2 9.5 12 .5" stroke="var(--dead)" stroke-width="1.3"/></g>"#));
        }
    }
}
